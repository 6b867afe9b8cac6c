#include "text/xml.h"

#include <expat.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

namespace quire::text {

constexpr size_t max_depth = 100;
constexpr size_t max_attributes = 100;

std::string_view find_attribute(const XmlAttributes& attributes, std::string_view name)
{
    auto found = std::find_if(attributes.begin(), attributes.end(), [&](auto& pair) { return pair.first == name; });
    return found == attributes.end() ? std::string_view() : found->second;
}

namespace {

struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

/// The state of expat's callbacks, and the reason if we stopped it.
struct Reading {
    XmlHandler& handler;
    XML_Parser parser;
    size_t depth = 0;
    const char* refusal = nullptr;

    static Reading& of(void* user) { return *static_cast<Reading*>(user); }

    void refuse(const char* why)
    {
        refusal = refusal ? refusal : why;
        XML_StopParser(parser, XML_FALSE);
    }

    static void open(void* user, const XML_Char* name, const XML_Char** pairs)
    {
        Reading& reading = of(user);
        if (reading.refusal)
            return;
        XmlAttributes attributes;
        for (; pairs[0]; pairs += 2)
            attributes.emplace_back(pairs[0], pairs[1]);
        if (attributes.size() > max_attributes)
            return reading.refuse("too many attributes");
        if (++reading.depth > max_depth)
            return reading.refuse("elements nested too deep");
        reading.handler.open(name, attributes);
    }

    static void close(void* user, const XML_Char* name)
    {
        Reading& reading = of(user);
        if (reading.refusal)
            return;
        --reading.depth;
        reading.handler.close(name);
    }

    static void text(void* user, const XML_Char* bytes, int length)
    {
        if (Reading& reading = of(user); !reading.refusal)
            reading.handler.text({bytes, static_cast<size_t>(length)});
    }

    static void doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int)
    {
        of(user).refuse("a document type is not read here");
    }
};

} // namespace

/// The newer call's predecessor is deprecated where there is one.
static uint64_t line_of(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
    return XML_GetCurrentLineNumber64(parser);
#else
    return XML_GetCurrentLineNumber(parser);
#endif
}

Result<void> read_xml(std::string_view source, XmlHandler& handler)
{
    if (source.size() > std::numeric_limits<int>::max())
        return fail(ErrorKind::invalid, "too large");
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser(XML_ParserCreate(nullptr));
    if (!parser)
        return fail(ErrorKind::system, "start the XML reader: not enough memory");
    Reading reading{handler, parser.get()};
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), Reading::open, Reading::close);
    XML_SetCharacterDataHandler(parser.get(), Reading::text);
    XML_SetStartDoctypeDeclHandler(parser.get(), Reading::doctype);
    if (XML_Parse(parser.get(), source.data(), static_cast<int>(source.size()), XML_TRUE) == XML_STATUS_OK)
        return {};
    return fail(ErrorKind::invalid, "line {}: {}", line_of(parser.get()),
                reading.refusal ? reading.refusal : XML_ErrorString(XML_GetErrorCode(parser.get())));
}

} // namespace quire::text
