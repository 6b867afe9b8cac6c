// The ids of changes on a page, each with the letters set apart that tell it from all others of the repository.
#pragma once

#include "history/change_index.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// The index of the visit's repository, if there is one.
std::optional<history::ChangeIndex> open_change_index(const Visit& visit);

class ChangeIds {
public:
    /// Without the index nothing is set apart.
    explicit ChangeIds(const store::RepoName& name) : m_name(name) {}
    explicit ChangeIds(const Visit& visit) : m_name(visit.name()), m_index(open_change_index(visit)) {}

    enum class Length { whole, short_form };
    /// A link to the change's page.
    Html link(std::string_view id, Length length) const;

private:
    const store::RepoName& m_name;
    std::optional<history::ChangeIndex> m_index;
};

} // namespace quire::web
