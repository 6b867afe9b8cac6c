// filter_html: makes HTML from a stranger safe to include in our page.
//
// It is a linear tokenizer with an allow-list: only what is known to be harmless is written. Elements that are not on
// the list lose their tags and keep their text; script, style and the like are dropped with their content. Attributes
// are written anew, quoted and escaped. No style or event attribute is kept, no id that our pages use, and no class
// except code's language and that of a task; an align attribute becomes the class align-left, align-right or
// align-center. An image whose address is dropped becomes a link with its text. The result is balanced: it can't end
// one of our elements or leave one open.
//
// The result can be used without seeing and without a mouse: what may scroll (pre, and a table in a div of class
// scroll) can be focused, images and checkboxes have names, and no heading or header cell is blank.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace quire::text {

enum class LinkKind { link, image };

/// Returns what a decoded address becomes; nullopt drops the attribute. Called for every href and src.
using LinkMapper = std::function<std::optional<std::string>(LinkKind kind, std::string_view address)>;

std::string filter_html(std::string_view html, const LinkMapper& map_link);

} // namespace quire::text
