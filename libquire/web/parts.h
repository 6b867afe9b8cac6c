// Small pieces of markup that several pages share.
#pragma once

#include "base/time.h"
#include "web/html.h"

namespace quire::web {

/// "2026-11-21", with the full instant for who asks. Pages are cached: nothing says "two hours ago".
Html date(Instant instant);
/// The same, to the minute.
Html date_and_time(Instant instant);

} // namespace quire::web
