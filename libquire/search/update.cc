#include "search/update.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/log.h"
#include "search/blob_source.h"
#include "sys/file.h"
#include "sys/lock.h"

namespace quire::search {

namespace {

namespace paths = store::paths;

/// The tips whose texts are all in the index, and how much text there was in it then.
constexpr const char* done_file = "done";
constexpr const char* lock_file = "lock";
constexpr std::string_view done_line = "quire search 3 ";
constexpr size_t most_done = 1u << 20;
/// Texts that no tip has may take as much as those that some have, and this much besides.
constexpr uint64_t spare_text = 32u << 20;
constexpr int64_t longest = 1800 * nanoseconds_per_second;
/// So much is read at a time before it can be searched.
constexpr size_t most_at_once = 200'000;

struct BlobHash {
    size_t operator()(const BlobId& id) const
    {
        size_t value = 0;
        std::copy_n(id.bytes.begin(), sizeof value, reinterpret_cast<unsigned char*>(&value));
        return value;
    }
};
using BlobSet = std::unordered_set<BlobId, BlobHash>;

struct Wanted {
    BlobId id;
    std::string path;
};

class Updater {
public:
    Updater(UniqueFd directory, int repository, const UpdateLimits& limits)
        : m_directory(std::move(directory)), m_source(repository, Patience(monotonic_now() + longest)), m_limits(limits)
    {}

    Result<Updated> update()
    {
        sys::sweep_temporaries(m_directory.get(), ".");
        TRY(open());
        read_done();
        bool looks_at_all = m_done.empty() || m_index->text_bytes() > 2 * m_live_text + spare_text;
        std::set<std::string> done;
        for (const std::string& tip : TRY(m_source.tips(m_limits))) {
            if (done.insert(tip).second && (looks_at_all || !m_done.contains(tip)))
                TRY(add_tip(tip, looks_at_all));
        }
        TRY(add_wanted());
        TRY(open());
        if (looks_at_all)
            TRY(drop_dead());
        TRY(merge_small());
        TRY(write_done(done));
        Updated updated{m_added, m_index->segments().size(), m_index->text_bytes()};
        for (const auto& segment : m_index->segments())
            updated.file_bytes += segment->file_bytes();
        return updated;
    }

private:
    /// Opens the segments, after removing those that are damaged.
    Result<void> open()
    {
        auto index = TRY(Index::open(m_directory.get(), m_index.get()));
        std::set<std::string> sound;
        for (size_t i = 0; i < index->segments().size(); ++i) {
            bool is_known = m_index && std::find(m_index->names().begin(), m_index->names().end(), index->names()[i]) !=
                                           m_index->names().end();
            if (is_known || index->segments()[i]->is_sound())
                sound.insert(index->names()[i]);
        }
        bool is_whole = true;
        for (const std::string& name : TRY(sys::list_directory(m_directory.get(), "."))) {
            if (!name.ends_with(segment_suffix) || sound.contains(name))
                continue;
            log("the segment {} of the search index is damaged: its texts are read again", name);
            TRY(sys::unlink_at(m_directory.get(), name));
            is_whole = false;
        }
        m_index = is_whole ? index : TRY(Index::open(m_directory.get()));
        return {};
    }

    /// "quire search 3 <text of tips> <text in the index>", then the tips, one a line. What does not fit the index is
    /// as good as nothing.
    void read_done()
    {
        std::string content = sys::read_file(m_directory.get(), done_file, most_done).value_or("");
        std::string_view rest = content, first = take_until(rest, '\n');
        if (!strip_prefix(first, done_line))
            return;
        auto live = parse_decimal(take_until(first, ' ')), text = parse_decimal(first);
        if (!live || !text || *text != m_index->text_bytes())
            return;
        m_live_text = *live;
        while (!rest.empty())
            m_done.emplace(take_until(rest, '\n'));
    }

    Result<void> write_done(const std::set<std::string>& done)
    {
        std::string content = fmt::format("{}{} {}\n", done_line, m_live_text, m_index->text_bytes());
        for (const std::string& tip : done)
            content += tip + "\n";
        return sys::replace_file_unsynced(m_directory.get(), done_file, content, 0600);
    }

    /// What is first looked at is first searchable: each tip's texts are written before the next tip is looked at.
    Result<void> add_tip(const std::string& tip, bool remembers)
    {
        TRY(m_source.each_file(tip, m_limits.paths, [&](const BlobId& id, std::string_view path) {
            if (remembers)
                m_live.insert(id);
            if (!m_index->find(id) && m_asked.insert(id).second)
                m_wanted.push_back({id, std::string(path)});
        }));
        bool is_first = m_asked.size() == m_wanted.size();
        return is_first || m_wanted.size() > most_at_once ? add_wanted() : Result<void>();
    }

    Result<void> add_wanted()
    {
        if (m_wanted.empty())
            return {};
        std::vector<BlobId> all;
        for (const Wanted& wanted : m_wanted)
            all.push_back(wanted.id);
        auto sizes = TRY(m_source.sizes(all));
        std::vector<size_t> texts; // of m_wanted
        auto writer = TRY(new_segment());
        for (size_t i = 0; i < all.size(); ++i) {
            if (sizes[i] && *sizes[i] > largest_text)
                TRY(writer->add_unsearched(all[i], Segment::State::too_large));
            else if (sizes[i])
                texts.push_back(i);
        }
        for (size_t begin = 0; begin < texts.size();) {
            size_t end = begin;
            uint64_t text = 0;
            for (; end < texts.size() && text < m_limits.segment; ++end)
                text += *sizes[texts[end]];
            if (m_text + m_index->text_bytes() + text > m_limits.text)
                break;
            m_text += text;
            std::vector<BlobId> ids;
            for (size_t i = begin; i < end; ++i)
                ids.push_back(all[texts[i]]);
            TRY(m_source.contents(ids, [&](size_t i, std::string_view content) {
                return writer->add(ids[i], m_wanted[texts[begin + i]].path, content);
            }));
            begin = end;
            if (begin < texts.size()) {
                TRY(finish(*writer));
                writer = TRY(new_segment());
            }
        }
        m_wanted.clear();
        return finish(*writer);
    }

    Result<std::unique_ptr<SegmentWriter>> new_segment()
    {
        std::string name = sys::unique_name("s") + std::string(segment_suffix);
        return SegmentWriter::create(m_directory.get(), name);
    }

    Result<void> finish(SegmentWriter& writer)
    {
        m_added += writer.count();
        return writer.count() > 0 ? writer.commit() : Result<void>();
    }

    Result<void> drop_dead()
    {
        uint64_t live = 0;
        for (const auto& segment : m_index->segments())
            for (const Segment::Doc& doc : segment->docs())
                live += m_live.contains(doc.id) ? doc.size : 0;
        m_live_text = live;
        if (m_index->text_bytes() <= 2 * live + spare_text)
            return {};
        std::vector<size_t> all(m_index->segments().size());
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = i;
        return merge(all, &m_live);
    }

    /// Puts the smallest ones together until each is at least twice as large as all smaller ones.
    Result<void> merge_small()
    {
        std::vector<size_t> order(m_index->segments().size());
        for (size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        auto text_of = [&](size_t i) { return m_index->segments()[i]->text_bytes(); };
        std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return text_of(a) < text_of(b); });
        uint64_t sum = 0;
        size_t merged = 0;
        for (size_t i = 0; i < order.size() && sum + text_of(order[i]) <= m_limits.segment; ++i) {
            if (i > 0 && text_of(order[i]) < 2 * sum + 1)
                merged = i + 1;
            sum += text_of(order[i]);
        }
        order.resize(merged);
        return merged > 1 ? merge(order, nullptr) : Result<void>();
    }

    /// Writes the texts of some segments anew, only those of `live` if that is given, and removes the old segments.
    Result<void> merge(const std::vector<size_t>& segments, const BlobSet* live)
    {
        auto writer = TRY(new_segment());
        std::string text;
        BlobSet written;
        for (size_t number : segments) {
            const Segment& segment = *m_index->segments()[number];
            auto symbols = segment.all_symbols();
            for (uint32_t i = 0; i < segment.docs().size(); ++i) {
                const Segment::Doc& doc = segment.docs()[i];
                if ((live && !live->contains(doc.id)) || !written.insert(doc.id).second)
                    continue;
                if (doc.state != Segment::State::text)
                    TRY(writer->add_unsearched(doc.id, doc.state));
                else if (segment.read(i, text))
                    TRY(writer->add_text(doc.id, text, symbols[i]));
                if (writer->text_bytes() < m_limits.segment)
                    continue;
                TRY(writer->commit());
                writer = TRY(new_segment());
            }
        }
        if (writer->count() > 0)
            TRY(writer->commit());
        for (size_t number : segments)
            TRY(sys::unlink_at(m_directory.get(), m_index->names()[number]));
        return open();
    }

    UniqueFd m_directory;
    BlobSource m_source;
    UpdateLimits m_limits;
    std::shared_ptr<const Index> m_index;
    std::set<std::string> m_done;
    BlobSet m_live, m_asked;
    std::vector<Wanted> m_wanted;
    uint64_t m_live_text = 0, m_text = 0;
    size_t m_added = 0;
};

} // namespace

Result<Updated> update_index(const store::Root& root, const store::RepoName& name, const UpdateLimits& limits)
{
    UniqueFd repository = TRY(root.open_repository(name));
    std::string path = paths::repository_search(name);
    TRY(sys::make_directories(root.fd(), path, 0700));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), path));
    auto lock = TRY(sys::FileLock::acquire(directory.get(), lock_file));
    return Updater(std::move(directory), repository.get(), limits).update();
}

} // namespace quire::search
