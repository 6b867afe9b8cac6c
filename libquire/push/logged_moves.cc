#include "push/logged_moves.h"

namespace quire::push {

LoggedMoves::LoggedMoves(const std::vector<store::PushLogEntry>& log, const store::Intent& push)
{
    for (const store::PushLogEntry& entry : log) {
        if (entry.push_id == push.id)
            m_recorded.insert(entry.ref);
        else if (entry.at + reflog_slack >= push.at)
            m_moved.emplace(entry.ref, entry.new_id);
        if (entry.at >= push.at)
            m_began.emplace(entry.ref, entry.old_id);
    }
}

} // namespace quire::push
