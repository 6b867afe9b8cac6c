#include "text/fnl.h"

#include "text/fnl_reader.h"

namespace quire::text {

Result<Data> read_fnl(std::string_view source, std::string_view name, size_t max_bytes)
{
    if (source.size() > max_bytes)
        return fail(ErrorKind::invalid, "{}: longer than {} bytes", name, max_bytes);
    FnlReader reader(source, name);
    if (source.starts_with("\xef\xbb\xbf"))
        return reader.fail_at(reader.position(), ErrorKind::invalid, "begins with a byte order mark; remove it");
    reader.skip_blanks();
    if (reader.at_end())
        return reader.fail_at(reader.position(), ErrorKind::invalid, "holds no value; the least is {{}}");
    Data value = TRY(reader.read_value(0));
    reader.skip_blanks();
    if (!reader.at_end())
        return reader.fail_at(reader.position(), ErrorKind::invalid, "one value is enough; remove what begins here");
    return value;
}

bool is_code(const Error& error) { return error.kind == ErrorKind::refused; }

} // namespace quire::text
