// doctor: compares the content of a data root with the table of what may be there.
#include "base/strings.h"
#include "forge/doctor.h"
#include "store/layout.h"
#include "sys/file.h"

namespace quire::forge {

namespace {

/// Walks along the table, and into no directories outside of it. Of large roots it sees only a part.
class Walk {
public:
    explicit Walk(const store::Root& root) : m_root(root) {}

    void enter(const std::string& directory)
    {
        auto names = sys::list_directory(m_root.fd(), directory.empty() ? "." : directory);
        if (!names)
            return; // another check reports this, or it is gone meanwhile
        for (const std::string& name : *names) {
            if (m_seen++ >= most_names)
                return;
            look_at(directory.empty() ? name : directory + "/" + name, directory.empty());
        }
    }

    std::vector<std::string> strangers, exposed;
    bool is_complete() const { return m_seen <= most_names; }

private:
    static constexpr size_t most_names = 50'000;

    void look_at(const std::string& path, bool is_top)
    {
        if (store::leads_into_layout(path))
            return enter(path);
        const store::LayoutRow* row = store::find_in_layout(path);
        if (row && row->privacy == store::Privacy::secret) {
            auto status = sys::stat_at(m_root.fd(), path);
            if (status && *status && ((*status)->st_mode & 077) != 0)
                exposed.push_back(path);
        }
        // The operator may keep things beside quire's own directories, such as a mount or what `make up` puts there. A
        // name that begins with a dot is something that is just being made.
        bool is_temporary = path[path.rfind('/') + 1] == '.';
        if (!row && !is_top && !is_temporary)
            strangers.push_back(path);
    }

    const store::Root& m_root;
    size_t m_seen = 0;
};

std::string some_of(const std::vector<std::string>& paths)
{
    constexpr size_t most_shown = 5;
    std::vector<std::string> shown(paths.begin(),
                                   paths.begin() + static_cast<ptrdiff_t>(std::min(paths.size(), most_shown)));
    return join(shown, ", ") +
           (paths.size() > most_shown ? fmt::format(" and {} more", paths.size() - most_shown) : std::string());
}

} // namespace

void examine_layout(const store::Root& root, Report& report)
{
    Walk walk(root);
    walk.enter("");
    if (!walk.exposed.empty())
        report.warn("modes", some_of(walk.exposed) + " can be read by others, and may hold secrets",
                    fmt::format("chmod 600 {}", root.absolute(walk.exposed.front())));
    if (!walk.strangers.empty())
        report.warn("strangers", fmt::format("no part of quire knows {}", some_of(walk.strangers)),
                    "move it out of " + root.path() + ": nothing looks at it, and a backup passes it over");
    else
        report.ok("strangers", walk.is_complete() ? "all that lies in the root is known"
                                                  : "of the first names that lie in the root, all are known");
}

} // namespace quire::forge
