#include "deliver/backup_seal.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/helper.h"
#include "sys/file.h"
#include "sys/stamp.h"
#include "text/json.h"

namespace quire::deliver {

using text::Data;

constexpr std::string_view magic = "quire backup 1\n";
constexpr size_t mark_digits = 64;
constexpr size_t most_head_bytes = 4096;
constexpr size_t piece = 256u << 10;
constexpr int64_t hour = 3600 * nanoseconds_per_second;

constexpr size_t mac_block = 64;

static std::string padded_key(std::string_view key, char with)
{
    std::string block(mac_block, with);
    std::string digest;
    if (key.size() > mac_block) {
        Sha256 hash;
        hash.update(key);
        digest = hash.finish();
        key = digest;
    }
    for (size_t i = 0; i < key.size(); ++i)
        block[i] = static_cast<char>(block[i] ^ key[i]);
    return block;
}

Mac::Mac(std::string_view key) : m_outer_key(padded_key(key, '\x5c')) { m_inner.update(padded_key(key, '\x36')); }

std::string Mac::finish()
{
    Sha256 outer;
    outer.update(m_outer_key);
    outer.update(m_inner.finish());
    return to_hex(outer.finish());
}

std::string ObjectName::str() const { return fmt::format("quire-{}-{:06}-{:08}", backup, generation, number); }

std::optional<ObjectName> ObjectName::parse(std::string_view name)
{
    auto parts = split(name, '-');
    if (parts.size() != 4 || parts[0] != "quire")
        return std::nullopt;
    auto number_in = [](std::string_view digits) {
        return parse_decimal(digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)));
    };
    if (parts[2].empty() || parts[3].empty())
        return std::nullopt;
    auto generation = number_in(parts[2]);
    auto number = number_in(parts[3]);
    if (!generation || !number)
        return std::nullopt;
    ObjectName parsed{std::string(parts[1]), *generation, *number};
    return parsed.str() == name ? std::optional(std::move(parsed)) : std::nullopt;
}

static Data to_data(const ObjectHead& head)
{
    Data data{Data::Table{}};
    data.set("backup", head.backup);
    data.set("generation", head.generation);
    data.set("number", head.number);
    data.set("kind", head.kind == ObjectKind::part ? "part" : "delta");
    data.set("at", format_instant(head.at));
    data.set("before", head.before);
    data.set("cipher", head.cipher);
    return data;
}

static Result<ObjectHead> from_data(const Data& data)
{
    auto at = parse_instant(data.string_or("at", ""));
    std::string kind = data.string_or("kind", "");
    int64_t generation = data.integer_or("generation", 0);
    int64_t number = data.integer_or("number", 0);
    if (!at || (kind != "part" && kind != "delta") || generation <= 0 || number <= 0)
        return fail(ErrorKind::invalid, "its head says nothing that is known here");
    return ObjectHead{.backup = data.string_or("backup", ""),
                      .generation = static_cast<uint64_t>(generation),
                      .number = static_cast<uint64_t>(number),
                      .kind = kind == "part" ? ObjectKind::part : ObjectKind::delta,
                      .at = *at,
                      .before = data.string_or("before", ""),
                      .cipher = data.string_or("cipher", "")};
}

static bool is_age_recipient(std::string_view recipient)
{
    return recipient.starts_with("age1") || recipient.starts_with("ssh-");
}

Result<std::string> cipher_for(const std::vector<std::string>& recipients)
{
    if (recipients.empty())
        return std::string("none");
    auto of_age = std::count_if(recipients.begin(), recipients.end(), is_age_recipient);
    if (of_age != 0 && of_age != static_cast<ptrdiff_t>(recipients.size()))
        return fail(ErrorKind::invalid, "recipients are of age (age1…, ssh-…) or of gpg, not of both");
    return std::string(of_age > 0 ? "age" : "gpg");
}

static sys::Command encrypting(const std::string& cipher, const std::vector<std::string>& recipients)
{
    sys::Command command;
    if (cipher == "age")
        command.argv = {"age", "--encrypt"};
    else
        command.argv = {"gpg", "--batch", "--quiet", "--no-tty", "--trust-model", "always", "--encrypt"};
    for (const std::string& recipient : recipients)
        command.argv.insert(command.argv.end(), {"--recipient", recipient});
    return command;
}

/// Copies from an offset to the present end of `out`, past the Mac if there is one.
static Result<void> copy(int from, uint64_t offset, uint64_t size, int out, Mac* mac)
{
    while (size > 0) {
        std::string bytes = TRY(sys::read_at(from, offset, static_cast<size_t>(std::min<uint64_t>(piece, size))));
        if (bytes.empty())
            return fail(ErrorKind::system, "a file is shorter than it was");
        if (mac)
            mac->update(bytes);
        TRY(sys::write_all(out, bytes));
        offset += bytes.size();
        size -= bytes.size();
    }
    return {};
}

static Result<uint64_t> size_of(int fd) { return static_cast<uint64_t>(TRY(sys::stamp_of(fd, "an object")).size); }

Result<std::string> seal(const BackupKey& key, ObjectHead head, int payload, const std::vector<std::string>& recipients,
                         int out)
{
    head.backup = key.id;
    head.cipher = TRY(cipher_for(recipients));
    std::string text = std::string(magic) + text::write_json(to_data(head)) + "\n";
    UniqueFd encrypted;
    if (head.cipher != "none") {
        encrypted = TRY(scratch_beside(out));
        sys::Command command = encrypting(head.cipher, recipients);
        command.input = payload;
        command.output = encrypted.get();
        TRY(run_helper(std::move(command), hour));
        payload = encrypted.get();
    }
    Mac mac(key.secret);
    mac.update(text);
    TRY(sys::write_all(out, text));
    TRY(copy(payload, 0, TRY(size_of(payload)), out, &mac));
    std::string mark = mac.finish();
    TRY(sys::write_all(out, mark + "\n"));
    return mark;
}

Result<Opened> check_seal(const BackupKey& key, int object)
{
    uint64_t size = TRY(size_of(object));
    std::string begin = TRY(sys::read_at(object, 0, most_head_bytes));
    size_t end = begin.find('\n', magic.size());
    if (!begin.starts_with(magic) || end == std::string::npos)
        return fail(ErrorKind::invalid, "it is no object of a backup");
    uint64_t payload_begin = end + 1;
    if (size < payload_begin + mark_digits + 1)
        return fail(ErrorKind::invalid, "it is cut short");
    uint64_t mark_begin = size - mark_digits - 1;
    Mac mac(key.secret);
    for (uint64_t offset = 0; offset < mark_begin;) {
        std::string bytes =
            TRY(sys::read_at(object, offset, static_cast<size_t>(std::min<uint64_t>(piece, mark_begin - offset))));
        if (bytes.empty())
            return fail(ErrorKind::system, "an object is shorter than it was");
        mac.update(bytes);
        offset += bytes.size();
    }
    std::string mark = mac.finish();
    if (TRY(sys::read_at(object, mark_begin, mark_digits + 1)) != mark + "\n")
        return fail(ErrorKind::invalid, "its mark is not one of this key: it was altered, cut short, or is another's");
    Data data = TRY(text::read_json(std::string_view(begin).substr(magic.size(), end - magic.size()), "its head"));
    return Opened{TRY(from_data(data)), mark, payload_begin, mark_begin - payload_begin};
}

Result<void> unseal(int object, const Opened& opened, const std::string& identity, int out)
{
    const std::string& cipher = opened.head.cipher;
    if (cipher == "none")
        return copy(object, opened.payload_begin, opened.payload_size, out, nullptr);
    if (cipher != "age" && cipher != "gpg")
        return fail(ErrorKind::invalid, "it is encrypted with '{}', which is not known here", visible(cipher));
    UniqueFd encrypted = TRY(scratch_beside(out));
    TRY(copy(object, opened.payload_begin, opened.payload_size, encrypted.get(), nullptr));
    sys::Command command;
    if (cipher == "age" && identity.empty())
        return fail(ErrorKind::usage, "it is encrypted for age: name the file with its identity, --identity FILE");
    if (cipher == "age")
        command.argv = {"age", "--decrypt", "--identity", identity};
    else
        command.argv = {"gpg", "--batch", "--quiet", "--no-tty", "--decrypt"};
    command.input = encrypted.get();
    command.output = out;
    return run_helper(std::move(command), hour);
}

} // namespace quire::deliver
