// filter_html: makes HTML from a stranger safe to stand in our page.
//
// A linear tokenizer and an allow-list: what is not known to be harmless does not come out. Elements that are not on
// the list lose their tags and keep their text; script, style and the like go with all they hold. Every attribute is
// written anew, quoted and escaped; no style, no event, no id that our pages have, no class but code's language, that of
// a task, and align-left, align-right and align-center for what says align. An image whose address is dropped becomes a
// link with its text. What comes out is balanced: it can neither end an element of ours
// nor leave one open.
//
// What comes out can be used without seeing or without a mouse: what may scroll (pre, and table in a div of class
// scroll) takes the focus, images and checkboxes have names, and neither a heading nor a header cell is blank.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace quire::text {

enum class LinkKind { link, image };

/// What an address (decoded) becomes; nullopt drops the attribute. Called for every href and src.
using LinkMapper = std::function<std::optional<std::string>(LinkKind kind, std::string_view address)>;

std::string filter_html(std::string_view html, const LinkMapper& map_link);

} // namespace quire::text
