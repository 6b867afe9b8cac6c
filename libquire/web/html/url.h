// Url: an address on this server, or an outside one that was found harmless. Templates accept nothing else in href, src
// and action.
//
// The addresses (a repository is `foo` or `work/bar`; "-" can't begin a part of a name, so it marks the name's end):
//
//   /NAME                      home              /NAME/-/log/REF/PATH       history
//   /NAME/-/tree/REF/PATH      a directory       /NAME/-/commit/ID          one commit
//   /NAME/-/file/REF/PATH      a file            /NAME/-/refs               branches and tags
//   /NAME/-/raw/REF/PATH       its bytes         /NAME/runs, /NAME/runs/N   runs
//   /NAME/-/follow/REF/PATH    past of lines     /NAME/runs/N/VIEW/JOB/PATH what a run left behind
#pragma once

#include <string>
#include <string_view>

#include "store/repo_name.h"

namespace quire::web {

class Url {
public:
    static Url repository(const store::RepoName& name);
    /// "/NAME/-/VIEW", followed by further components, each escaped; "/" within `rest` stays.
    static Url view(const store::RepoName& name, std::string_view view, std::string_view rest = {},
                    std::string_view path = {});
    static Url run(const store::RepoName& name, uint64_t number);
    static Url runs(const store::RepoName& name);
    /// "/NAME/runs/N/VIEW", followed by a job's id as one component and by a path.
    static Url run_view(const store::RepoName& name, uint64_t number, std::string_view view, std::string_view job = {},
                        std::string_view path = {});
    /// A path of our own that is written in the source, such as "/" or that of an asset.
    static Url local(std::string_view path);
    /// Accepts http, https, mailto and relative addresses without a scheme; anything else becomes "#".
    static Url outside(std::string_view address);

    /// This address with "?name=value" or "&name=value" added.
    Url with(std::string_view name, std::string_view value) const;
    /// This address with "#fragment" added.
    Url at(std::string_view fragment) const;

    const std::string& str() const { return m_text; }

private:
    explicit Url(std::string text) : m_text(std::move(text)) {}
    std::string m_text;
};

} // namespace quire::web
