#include "sys/thread.h"

#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#include "base/time.h"

namespace quire::sys {

static thread_local int64_t cost_of_others = 0;

/// Takes the first of the processors that the thread may use away from it, unless it is the only one. On a machine of
/// more than CPU_SETSIZE processors nothing needs to be left free.
static void leave_one_processor()
{
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof allowed, &allowed) < 0 || CPU_COUNT(&allowed) < 2)
        return;
    int first = 0;
    while (!CPU_ISSET(first, &allowed))
        ++first;
    CPU_CLR(first, &allowed);
    (void)::sched_setaffinity(0, sizeof allowed, &allowed);
}

void work_when_idle()
{
    sched_param none{};
    // If this fails, the thread just has the same priority as others.
    (void)::sched_setscheduler(0, SCHED_IDLE, &none);
    leave_one_processor();
}

int64_t thread_cost()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * nanoseconds_per_second + used.tv_nsec + cost_of_others;
}

static int64_t nanoseconds(const timeval& time)
{
    constexpr int64_t nanoseconds_per_microsecond = 1000;
    return time.tv_sec * nanoseconds_per_second + time.tv_usec * nanoseconds_per_microsecond;
}

void add_to_thread_cost(const rusage& used)
{
    add_to_thread_cost(nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime));
}

void add_to_thread_cost(int64_t used) { cost_of_others += used; }

} // namespace quire::sys
