// init and upkeep: verbs for a whole root, or for the background.
#include "forge/config.h"
#include "forge/move.h"
#include "forge/provenance.h"
#include "forge/proxy_secret.h"
#include "forge/retention.h"
#include "forge/shared_config.h"
#include "forge/upkeep.h"
#include "store/audit.h"
#include "sys/file.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_init(const Call& call)
{
    TRY(call.options());
    std::string path = store::Root::choose(call.root_option);
    auto made = sys::make_directory(AT_FDCWD, path, 0750);
    if (!made && made.error().kind != ErrorKind::exists)
        return Unexpected(std::move(made).error());
    store::Root root = TRY(store::Root::open(path));
    TRY(root.prepare());
    TRY(forge::make_proxy_secret(root));
    // A machine without ssh-keygen has a forge all the same: doctor says that nothing is signed, and makes the key
    // later.
    auto key = forge::make_signing_key(root);
    TRY(forge::refresh_shared_config(root, TRY(forge::find_installation())));
    if (!key)
        TRY(cli::print(fmt::format("artifacts will not be signed before quire doctor --fix has made a key: {}\n",
                                   key.error().message)));
    TRY(cli::print(fmt::format("{} is a data root; next: quire --root {} new NAME\n", root.path(), root.path())));
    return 0;
}

Result<int> verb_upkeep(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    if (options.operands().empty()) {
        TRY(forge::empty_run_trash(root));
        TRY(forge::empty_trash(root, forge::trash_age));
        store::GlobalConfig config = TRY(forge::read_global_config(root));
        TRY(store::prune_audit(root, config.audit.days, static_cast<uint64_t>(config.audit.bytes)));
    } else {
        TRY(forge::upkeep(root, TRY(Call::repository(root, options.operands()[0]))));
    }
    return 0;
}

} // namespace quire::tool
