// The head of a page: its title, a few facts in grey, and at the right end its tools, which show the same thing in
// another way or lead on from it.
//
//   Tools tools;
//   tools.choice("columns", {{"unified", here, true}, {"side by side", split, false}}).link("patch", patch);
//   body.append(page_head(Html().text("Log of main"), Html(), tools));
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/html/html.h"

namespace quire::web {

class Tools {
public:
    struct Option {
        std::string label;
        Url url;
        bool is_present = false; ///< what the page shows now
    };

    /// Ways to see something that exclude each other: one control that shows its state. `label` says what is chosen.
    Tools& choice(std::string_view label, const std::vector<Option>& options);
    /// Something that is on or off; the address turns it.
    Tools& toggle(std::string_view label, const Url& url, bool is_on);
    /// Another page. `name` is how the script finds the link, where it has a key for it.
    Tools& link(std::string_view label, const Url& url, std::string_view name = "tool");
    /// An address that leads into more pages than a crawler should ask for.
    Tools& deep_link(std::string_view label, const Url& url);
    /// On a phone, those that follow are behind the word "more".
    Tools& fold();
    /// A form.
    Tools& append(const Html& html);

    /// Nothing if there are none.
    Html row() const;

private:
    Html m_html;
};

/// `title` is what stands in the heading, `note` what is said beside it.
Html page_head(const Html& title, const Html& note, const Tools& tools);
Html page_head(std::string_view title, const Html& note, const Tools& tools);
/// For pages that are about a file or directory: heading is what path_line() made.
Html path_head(const Html& path_line, const Html& note, const Tools& tools);

} // namespace quire::web
