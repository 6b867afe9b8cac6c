// Complaints: logs once what goes wrong in each part of a scan. The scan goes on, so one part does not keep the others
// from their work, and the next scan tries again.
#pragma once

#include <set>
#include <string>

#include "base/log.h"
#include "base/result.h"

namespace quire::runner {

class Complaints {
public:
    void attempt(const Result<void>& done)
    {
        constexpr size_t forget_after = 100;
        if (done)
            return;
        if (m_said.size() > forget_after)
            m_said.clear();
        if (m_said.insert(done.error().message).second)
            log("{}", done.error().message);
    }

private:
    std::set<std::string> m_said;
};

} // namespace quire::runner
