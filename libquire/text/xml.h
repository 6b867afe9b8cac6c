// XML as test programs write it: expat behind a handler, with what could hurt refused.
//
// A document type is an error, so there are no entities of a document's own: nothing to expand and nothing to fetch.
// Depth, attributes and encodings are bounded (UTF-8, and what expat turns into it by itself). Names keep their prefix.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace quire::text {

using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

/// The attribute's value; "" when it is not there.
std::string_view find_attribute(const XmlAttributes& attributes, std::string_view name);

/// Is told what is read, in order. Everything is UTF-8 and lives until the call returns. <a/> opens and closes.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void open(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void close(std::string_view name) = 0;
    /// One run of text may come in several pieces.
    virtual void text(std::string_view piece) = 0;
};

/// Reads a whole document. invalid: "line 3: mismatched tag"; the handler has then seen what stands before it.
Result<void> read_xml(std::string_view source, XmlHandler& handler);

} // namespace quire::text
