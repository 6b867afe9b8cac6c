// Reads XML as test programs write it: expat behind a handler, with dangerous features refused.
//
// A document type is an error, so a document can't define entities: nothing is expanded and nothing fetched. Depth,
// attributes and encodings are limited (to UTF-8 and what expat converts by itself). Names keep their prefix.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace quire::text {

using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

/// The value of an attribute; "" if it is missing.
std::string_view find_attribute(const XmlAttributes& attributes, std::string_view name);

/// Receives what is read, in order. Strings are UTF-8 and valid until the call returns. <a/> opens and closes.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void open(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void close(std::string_view name) = 0;
    /// A run of text may come in several pieces.
    virtual void text(std::string_view piece) = 0;
};

/// Reads a whole document. If it is malformed ("line 3: mismatched tag"), the handler has seen what comes before that.
Result<void> read_xml(std::string_view source, XmlHandler& handler);

} // namespace quire::text
