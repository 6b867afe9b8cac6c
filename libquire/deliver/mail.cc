#include "deliver/mail.h"

#include "base/log.h"
#include "base/show_time.h"
#include "deliver/mail_message.h"
#include "deliver/mail_text.h"
#include "deliver/send_mail.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/fnl.h"

namespace quire::deliver {

namespace paths = store::paths;

constexpr size_t most_book_bytes = 64u << 20;
/// After this time an attempt starts nothing new; the task may take ten minutes.
constexpr int64_t attempt_takes = 6 * 60 * nanoseconds_per_second;

Result<MailBook> read_mail_book(const store::Root& root)
{
    auto source = sys::read_file(root.fd(), paths::queue_mail, most_book_bytes);
    if (!source && source.error().kind == ErrorKind::not_found)
        return MailBook();
    auto data = text::read_fnl(TRY(std::move(source)), paths::queue_mail, most_book_bytes);
    auto book = data ? MailBook::from_data(*data) : Result<MailBook>(Unexpected(std::move(data).error()));
    if (!book)
        return with_context(std::move(book).error(), "remove it to begin anew; mail that waits in it is lost then");
    return book;
}

static Result<void> write_mail_book(const store::Root& root, const MailBook& book)
{
    UniqueFd queue = TRY(sys::open_directory(root.fd(), paths::queue));
    return sys::replace_file(queue.get(), std::string(paths::queue_mail).substr(std::string(paths::queue).size() + 1),
                             text::write_fnl(book.to_data()), 0600);
}

/// Puts the notices' events into the book. Returns the notices to be removed once the book is on the disk.
static Result<std::vector<std::string>> take_notices(const MailWorld& world, MailBook& book)
{
    std::vector<std::string> names;
    std::vector<store::Notice> notices = TRY(store::list_notices(world.root));
    std::set<std::string> there;
    for (const store::Notice& notice : notices)
        there.insert(notice.name());
    book.keep_seen(there);
    for (const store::Notice& notice : notices) {
        std::string name = notice.name();
        names.push_back(name);
        if (book.has_seen(name))
            continue;
        auto event = judge(world.root, notice);
        if (!event) { // the record is broken, so nobody can be told anything better
            log("{}: {}", name, event.error().message);
            continue;
        }
        if (!*event || !world.config.smtp.can_send())
            continue;
        std::optional<store::RepositoryConfig> own;
        if (notice.repo)
            own = world.read_repository(*notice.repo);
        book.add(name, **event, addressees(world.config, own ? &*own : nullptr, (*event)->kind));
    }
    return names;
}

/// Returns the first error of those that can't be sent; the others are sent all the same.
static Result<void> send_due(const MailWorld& world, MailBook& book)
{
    int64_t deadline = monotonic_now() + attempt_takes;
    for (const std::string& id : book.due(now())) {
        if (monotonic_now() >= deadline)
            break;
        const Letter& letter = *book.find(id);
        auto done = send_mail(world.root, world.config, letter.text);
        if (done) {
            log("mail to {}: {}", letter.to, letter.subject);
            book.sent(id, now());
        } else {
            log("mail to {} can't be sent: {}", letter.to, done.error().message);
            book.failed(id, now(), done.error().message);
        }
        TRY(write_mail_book(world.root, book));
    }
    for (const Letter& letter : book.letters())
        if (letter.attempts > 0)
            return fail(ErrorKind::system, "mail to {}: {}", letter.to, letter.last_error);
    return {};
}

static Result<sys::FileLock> lock_book(const store::Root& root)
{
    auto lock = TRY(sys::FileLock::try_acquire(root.fd(), paths::queue_mail_lock));
    if (!lock)
        return fail(ErrorKind::busy, "somebody else is sending mail right now");
    return std::move(*lock);
}

Result<void> hasten_mail(const store::Root& root)
{
    auto lock = TRY(lock_book(root));
    MailBook book = TRY(read_mail_book(root));
    if (book.letters().empty())
        return {};
    book.hasten();
    return write_mail_book(root, book);
}

Result<void> deliver_mail(const MailWorld& world)
{
    auto lock = TRY(lock_book(world.root));
    MailBook book = TRY(read_mail_book(world.root));
    std::vector<std::string> names = TRY(take_notices(world, book));
    bool made = book.make_letters(now(), [&](const std::string& to, const std::vector<Event>& events, size_t left_out) {
        return compose_letter(world.root, world.config, to, events, left_out);
    });
    if (made || !names.empty())
        TRY(write_mail_book(world.root, book));
    for (const std::string& name : names)
        TRY(store::drop_notice(world.root, name));
    TRY(send_due(world, book));
    if (Instant due = book.next_due(now()); due != 0)
        TRY(store::add_task(world.root, {.kind = "mail", .repo = std::nullopt, .not_before = due}));
    return {};
}

Result<void> send_test_mail(const MailWorld& world, const std::string& address)
{
    Mail mail{.from = sender_of(world.config), .to = address};
    mail.subject = "quire can send mail";
    mail.event = "test";
    mail.list = "forge";
    mail.at = now();
    mail.id = fmt::format("test.{}@{}", mail.at, domain_of(mail.from));
    mail.body = fmt::format("{} was asked to send this with: quire mail test\n\nWho is told of what: :notifications in "
                            "config.fnl, quire-config(5).\n",
                            world.config.url.empty() ? "quire" : world.config.url);
    return send_mail(world.root, world.config, write_mail(mail));
}

std::vector<Trouble> examine_mail(const store::Root& root, const store::GlobalConfig& config)
{
    if (!config.smtp.can_send())
        return {{.check = "mail", .text = "no mail is sent: :smtp is not set"}};
    auto book = read_mail_book(root);
    if (!book)
        return {{.is_failure = true, .check = "mail", .text = book.error().message, .advice = "see above"}};
    std::vector<Trouble> troubles;
    for (const Letter& letter : book->letters())
        if (letter.attempts > 0)
            troubles.push_back({.check = "mail",
                                .text = fmt::format("mail to {} waits since {}, {} attempts failed: {}", letter.to,
                                                    show_moment(letter.made_at), letter.attempts, letter.last_error),
                                .advice = fmt::format("quire mail test {}, then quire tasks retry mail", letter.to)});
    for (const MailBook::GivenUp& one : book->given_up())
        troubles.push_back({.is_failure = true,
                            .check = "mail",
                            .text = fmt::format("mail to {} was given up at {}: {} ({})", one.to, show_moment(one.at),
                                                one.reason, one.subject),
                            .advice = "mend :smtp or :notifications; the next mail that gets there ends this"});
    if (troubles.empty())
        troubles.push_back({.check = "mail",
                            .text = config.notifications.to.value_or(std::vector<std::string>()).empty()
                                        ? "mail can be sent; :notifications :to names nobody for the whole forge"
                                        : fmt::format("{} events wait to be told", book->pending())});
    return troubles;
}

} // namespace quire::deliver
