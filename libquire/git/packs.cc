#include "git/packs.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/byte_codec.h"
#include "sys/file.h"

namespace quire::git {

/// git makes none that is longer.
constexpr size_t max_deltas = 4095;
/// Nobody reads larger objects through this; one that is made from such would take as much memory.
constexpr uint64_t max_between = 64u << 20;
constexpr size_t max_kept = 1u << 20;
/// What deflate can make of one byte.
constexpr uint64_t max_ratio = 1032;

/// Room for so many bytes, and the object that they will be.
static std::pair<char*, Object> new_object(git_object_t type, size_t size)
{
    auto bytes = std::make_shared_for_overwrite<char[]>(std::max<size_t>(size, 1));
    char* begin = bytes.get();
    return {begin, Object(type, {begin, size}, std::move(bytes))};
}

/// Reads the directory again if it has changed. Returns whether it has.
bool Packs::look()
{
    sys::Stamp stamp = sys::stamp_of_target(m_directory, "objects/pack");
    if (stamp == m_stamp)
        return false;
    m_stamp = stamp;
    m_last.reset();
    m_packs.clear();
    for (const std::string& name : sys::list_directory(m_directory, "objects/pack").value_or({}))
        if (name.ends_with(".idx"))
            if (auto pack = PackFile::open(m_directory, "objects/pack/" + name))
                m_packs.push_back(std::move(*pack));
    return true;
}

/// Null: in no pack, or damaged. Valid until the next call.
const Packs::Chain* Packs::find(const git_oid& id)
{
    if (m_last && std::memcmp(m_last->id.id, id.id, sizeof id.id) == 0)
        return &*m_last;
    m_last.reset();
    do {
        for (size_t i = 0; i < m_packs.size(); ++i) {
            auto offset = m_packs[i]->find(id);
            if (!offset)
                continue;
            std::swap(m_packs[0], m_packs[i]); // what is asked for next is there, too, as a rule
            m_last = follow(id, m_packs[0], *offset);
            return m_last ? &*m_last : nullptr;
        }
    } while (look());
    return nullptr;
}

std::optional<Packs::Chain> Packs::follow(const git_oid& id, const std::shared_ptr<const PackFile>& pack,
                                          uint64_t offset)
{
    Chain chain;
    chain.id = id;
    chain.pack = pack;
    for (chain.begin = offset;; chain.begin = chain.deltas.back().entry.base) {
        if (const Object* kept = m_kept.find(key_of(*pack, chain.begin))) {
            chain.kept = *kept;
            break;
        }
        auto entry = pack->entry(chain.begin);
        if (!entry || chain.deltas.size() > max_deltas)
            return std::nullopt;
        if (!entry->is_delta()) {
            chain.whole = *entry;
            break;
        }
        chain.deltas.push_back({chain.begin, *entry});
    }
    return measure(chain) ? std::optional(std::move(chain)) : std::nullopt;
}

/// Gives the chain its header. How large the object is, its own delta says. False: damaged.
bool Packs::measure(Chain& chain)
{
    chain.header = chain.kept ? ObjectHeader{chain.kept->type(), chain.kept->content().size()}
                              : ObjectHeader{chain.whole.type, chain.whole.size};
    if (chain.deltas.empty())
        return true;
    auto delta = inflate(chain.deltas[0].entry);
    if (!delta) {
        chain.header.reset();
        return delta.error().kind == ErrorKind::refused;
    }
    chain.first_delta = std::move(*delta);
    ByteReader reader(chain.first_delta.content());
    reader.number();
    chain.header->size = reader.number();
    return reader.is_good();
}

std::optional<ObjectHeader> Packs::header(const git_oid& id)
{
    const Chain* chain = find(id);
    return chain ? chain->header : std::nullopt;
}

static Unexpected too_large(uint64_t size)
{
    return fail(ErrorKind::refused, "it is made from something of {} bytes", size);
}

static Unexpected damaged() { return fail(ErrorKind::not_found, "in no pack, or damaged"); }

Result<Object> Packs::inflate(const PackEntry& entry)
{
    if (entry.size > entry.packed.size() * max_ratio)
        return damaged();
    if (entry.is_delta() && entry.size > max_between)
        return too_large(entry.size);
    auto [begin, object] = new_object(entry.type, entry.size);
    Inflater::Unpacked unpacked = m_inflater.unpack(entry.packed, begin, entry.size);
    if (unpacked.outcome != Inflater::Outcome::done || unpacked.size != entry.size)
        return damaged();
    return std::move(object);
}

/// The offset or the size of a piece to copy: a bit for each of its bytes that is there, the lowest first.
static size_t take_bytes(const unsigned char*& at, unsigned bits, int most)
{
    size_t value = 0;
    for (int i = 0; i < most; ++i)
        if ((bits >> i & 1) != 0)
            value |= size_t{*at++} << (8 * i);
    return value;
}

/// The object that a delta makes from another one.
static Result<Object> apply(const Object& base, std::string_view delta, uint64_t most)
{
    ByteReader reader(delta);
    uint64_t base_size = reader.number(), size = reader.number();
    if (!reader.is_good() || base_size != base.content().size())
        return damaged();
    if (size > most)
        return too_large(size);
    auto [out, object] = new_object(base.type(), size);
    const auto* at = reinterpret_cast<const unsigned char*>(reader.rest().data());
    const unsigned char* end = at + reader.rest().size();
    size_t room = size;
    while (at < end) {
        unsigned instruction = *at++;
        const char* from = nullptr;
        size_t count = instruction;
        if ((instruction & 0x80) != 0) {
            if (end - at < std::popcount(instruction & 0x7fu))
                return damaged();
            size_t offset = take_bytes(at, instruction, 4);
            count = take_bytes(at, instruction >> 4, 3);
            count = count == 0 ? 0x10000 : count;
            if (offset > base_size || count > base_size - offset)
                return damaged();
            from = base.content().data() + offset;
        } else {
            if (count == 0 || static_cast<size_t>(end - at) < count)
                return damaged();
            from = reinterpret_cast<const char*>(at);
            at += count;
        }
        if (count > room)
            return damaged();
        std::memcpy(out, from, count);
        out += count;
        room -= count;
    }
    return room == 0 ? Result<Object>(std::move(object)) : damaged();
}

Result<Object> Packs::read(const git_oid& id)
{
    const Chain* chain = find(id);
    if (!chain)
        return damaged();
    const std::vector<Delta>& deltas = chain->deltas;
    if (!chain->header)
        return too_large(deltas[0].entry.size);
    if (!deltas.empty() && !chain->kept && chain->whole.size > max_between)
        return too_large(chain->whole.size);
    Object object = chain->kept ? *chain->kept : TRY(inflate(chain->whole));
    keep(*chain, chain->begin, object);
    for (size_t i = deltas.size(); i-- > 0;) {
        Object delta = i == 0 ? chain->first_delta : TRY(inflate(deltas[i].entry));
        object = TRY(apply(object, delta.content(), i == 0 ? chain->header->size : max_between));
        constexpr size_t near = 4; // its neighbours in history are asked for next; those far away are not
        if (i < near && (i > 0 || object.type() == GIT_OBJECT_TREE)) // directories are asked for again
            keep(*chain, deltas[i].offset, object);
    }
    return object;
}

void Packs::keep(const Chain& chain, uint64_t offset, const Object& object)
{
    if (object.content().size() <= max_kept && !(chain.kept && offset == chain.begin))
        m_kept.put(key_of(*chain.pack, offset), object, object.content().size());
}

std::string Packs::key_of(const PackFile& pack, uint64_t offset)
{
    std::string key(sizeof offset + sizeof(uint32_t), '\0');
    uint32_t number = pack.number();
    std::memcpy(key.data(), &offset, sizeof offset);
    std::memcpy(key.data() + sizeof offset, &number, sizeof number);
    return key;
}

} // namespace quire::git
