// fsck: a look into everything that the data root holds.
#include "forge/fsck.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_fsck(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    std::optional<store::RepoName> name;
    if (!options.operands().empty())
        name = TRY(Call::repository(root, options.operands()[0]));
    forge::FsckResult result = TRY(forge::fsck(root, name ? &*name : nullptr));
    if (options.has("json")) {
        text::Data data{text::Data::Table{}};
        data.set("repositories", result.repositories);
        data.set("pushes", result.pushes);
        data.set("runs", result.runs);
        data.set("entries", result.entries);
        data.set("caches", result.caches);
        data.set("faults", text::Data::Sequence(result.faults.begin(), result.faults.end()));
        TRY(cli::print(text::write_json(data) + "\n"));
    } else {
        std::string text;
        for (const std::string& fault : result.faults)
            text += text::for_terminal(fault) + "\n";
        text += fmt::format("looked into {} repositories, {} records of pushes, {} runs, {} entries of the queue, {} "
                            "caches: {}\n",
                            result.repositories, result.pushes, result.runs, result.entries, result.caches,
                            result.faults.empty() ? "all is well" : fmt::format("{} faults", result.faults.size()));
        TRY(cli::print(text));
    }
    return result.faults.empty() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
