// The text of $ROOT/git/config, with a reason beside each setting.
#include "forge/shared_config.h"
#include "sys/file.h"
#include "sys/sync_order.h"
#include "text/shell_words.h"

namespace quire::forge {

/// Defects that are common in real histories and harm nobody: odd names and dates from old tools, and file modes with a
/// leading zero. Everything that can hurt a client (.git in trees, .gitmodules attacks, broken or unsorted trees) stays
/// an error. git 2.39 knows all of these names; it would warn about newer ones.
constexpr const char* tolerated_defects[] = {
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "missingTaggerEntry",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
};

constexpr std::string_view head =
    R"(# Written by quire; every repository includes it. Changes made here are lost: put your own settings
# into the file "local" beside this one, which is read last. Shown by: git -C <repository> config --list --show-origin
[core]
	# Old versions stay reachable through the reflog: force-pushes are routine.
	logAllRefUpdates = always
	# Many pushes at once wait for each other's locks instead of failing.
	filesRefLockTimeout = 10000
	packedRefsTimeout = 10000
	# Huge files are neither searched for deltas nor read into memory whole.
	bigFileThreshold = 64m
[user]
	# Who moved a ref when nobody says so.
	name = quire
	email = quire@localhost
[transfer]
	fsckObjects = true
	# quire's own refs: not offered, not accepted.
	hideRefs = refs/quire
[receive]
	fsckObjects = true
	advertisePushOptions = true
	# Force-push and delete are allowed, but for deleting the default branch.
	denyNonFastForwards = false
	denyDeletes = false
	denyDeleteCurrent = true
	# Housekeeping happens in the background, never while a pusher waits.
	autogc = false
	maxInputSize = 0
[uploadpack]
	allowFilter = true
	# Every git to date (2.55) answers a shallow clone that uses it with sections in the wrong order, and the clone fails.
	allowRefInWant = false
	allowReachableSHA1InWant = true
	# The tips of hidden refs can't be asked for (protocol v0; v2 gives any object to who knows its id).
	allowTipSHA1InWant = false
	allowAnySHA1InWant = false
[gc]
	auto = 0
	# Objects of a deleted ref have no reflog to hold them, so git itself never drops any: what is unreachable
	# is kept in one cruft pack, and quire's housekeeping drops what nobody has pushed for 90 days.
	cruftPacks = true
	pruneExpire = never
	reflogExpire = never
	reflogExpireUnreachable = 90.days
	writeCommitGraph = true
[maintenance]
	auto = false
[repack]
	writeBitmaps = true
	updateServerInfo = false
[pack]
	writeReverseIndex = true
	windowMemory = 256m
)";

/// Where syncs come in order, the hooks' own bring to the disk what git has written out before. "batch" writes out a
/// push's loose objects and waits once.
static const char* sync_method(sys::SyncOrder order)
{
    switch (order) {
    case sys::SyncOrder::one:
        return "writeout-only";
    case sys::SyncOrder::files:
        return "batch";
    case sys::SyncOrder::unknown:
        break;
    }
    return "fsync";
}

static std::string sync_section(const store::Root& root)
{
    auto repositories = sys::open_directory(root.fd(), store::paths::repositories);
    auto order = repositories ? sys::sync_order_of(repositories->get()) : sys::SyncOrder::unknown;
    return fmt::format(
        "[core]\n\t# What a push was told is on disk. The method is the one that fits this file system.\n"
        "\tfsync = committed,reference\n\tfsyncMethod = {}\n",
        sync_method(order));
}

static std::string hooks_section(const Installation& installation, HookMechanism mechanism)
{
    if (mechanism == HookMechanism::path)
        return fmt::format("[core]\n\thooksPath = {}\n", git::quote_config_value(installation.hooks_directory));
    std::string out;
    for (const char* event : {"pre-receive", "post-receive"}) {
        // exec makes git itself the parent of quire-hook, without a shell in between.
        std::string command = fmt::format("exec {} {}", text::shell_quote(installation.quire_hook()), event);
        out += fmt::format("[hook \"quire-{0}\"]\n\tcommand = {1}\n\tevent = {0}\n", event,
                           git::quote_config_value(command));
    }
    return out;
}

/// To check a push, git asks for the refs of all that its objects may be borrowed from. That is, while they are not yet
/// accepted, also the repository itself, whose refs it has looked at already.
static std::string alternates_section(const Installation& installation)
{
    return fmt::format("# Asked for the refs of a repository whose objects this one borrows. git alone would start "
                       "another git, at each push.\n"
                       "[core]\n\talternateRefsCommand = {}\n",
                       git::quote_config_value(text::shell_quote(installation.alternate_refs)));
}

/// The path is absolute, because git would resolve a relative one from where it runs. Moving the root changes the text.
static std::string signatures_section(const store::Root& root)
{
    return fmt::format("# Whose signed pushes (git push --signed) are known: lines of ssh-keygen(1), ALLOWED SIGNERS.\n"
                       "[gpg \"ssh\"]\n\tallowedSignersFile = {}\n",
                       git::quote_config_value(root.absolute(store::paths::git_allowed_signers)));
}

std::string shared_config_text(const store::Root& root, const Installation& installation, HookMechanism mechanism)
{
    std::string out(head);
    for (const char* section : {"[receive \"fsck\"]", "[fetch \"fsck\"]", "[fsck]"}) {
        out += fmt::format("{}\n", section);
        for (const char* defect : tolerated_defects)
            out += fmt::format("\t{} = ignore\n", defect);
    }
    out += sync_section(root);
    out += hooks_section(installation, mechanism);
    out += alternates_section(installation);
    out += signatures_section(root);
    return out + "[include]\n\tpath = nonce\n\tpath = local\n";
}

} // namespace quire::forge
