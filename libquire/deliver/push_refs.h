// Pushing refs to a remote: which, each with its own value, and what came of it.
//
// What the remote has is asked first, so that what is there already costs nothing, and a ref that may be overwritten is
// so with a lease on exactly what was seen. A value that this repository never had was put there by somebody else: it
// is never overwritten nor deleted. All or nothing where the remote can, else what went and what did not is told.
#pragma once

#include "deliver/remote.h"

namespace quire::deliver {

/// Patterns are whole names, "refs/heads/main", or have stars that stand for anything: "refs/heads/*".
struct PushOrder {
    std::vector<std::string> refs = {"refs/heads/*", "refs/tags/*"};
    std::vector<std::string> force; ///< of these, those that may be overwritten
    bool prune = false;             ///< what the remote has of these, and we have not, is deleted there
    std::vector<std::pair<std::string, std::string>> extra; ///< a ref, and the commit it is to be
};

/// What is wrong with the patterns is an error that begins with `what`.
Result<PushOrder> push_order_from_data(const text::Data& data);
text::Data to_data(const PushOrder& order);
bool fits_pattern(std::string_view pattern, std::string_view ref);

struct PushReport {
    std::vector<std::string> pushed, deleted;
    size_t unchanged = 0;
    std::string error;       ///< "": all went
    store::RefValues ours;   ///< of the refs that were asked for
    store::RefValues theirs; ///< of the remote, as it is now as far as is known
    bool was_asked = false;  ///< the remote was, and answered if it was_reachable
    bool was_reachable = false;
};

/// `known`: what was last seen to be pushed there; what it names was ours, also when we have the object no more.
PushReport push_refs(const Remote& remote, const PushOrder& order, const store::RefValues& known);

/// The refs of the repository that the order is about.
Result<store::RefValues> own_refs(int repository, const PushOrder& order);

} // namespace quire::deliver
