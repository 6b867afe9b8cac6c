// Mail: takes the notices, decides who is told, and sends. One attempt of the task `mail`; safe to repeat at any point.
//
//   notice ──judge──▶ pending, for each addressee ──▶ letter ──msmtp──▶ gone
//
// Each arrow is one replacement of runs/.queue/mail.fnl (mail_book.h). Who has something to tell calls
// store::add_notice and need not know of any of this.
#pragma once

#include "deliver/mail_book.h"

namespace quire::deliver {

struct MailWorld {
    const store::Root& root;
    const store::GlobalConfig& config;
    ReadRepositoryConfig read_repository;
};

/// Sends what may be sent. The error says for whom a mail could not be sent, and why. Where something is held back, a
/// task for later waits when it returns.
Result<void> deliver_mail(const MailWorld& world);

/// For whoever has mended what was wrong: the next attempt tries every letter, however short ago it was tried.
Result<void> hasten_mail(const store::Root& root);

/// Sends one mail now, and nothing is kept: whether the settings work.
Result<void> send_test_mail(const MailWorld& world, const std::string& address);

/// Something about deliveries that an operator should know; a failure if `advice` must be followed for mail to arrive.
struct Trouble {
    bool is_failure = false;
    std::string check, text, advice;
};

/// What `quire doctor` says of mail; one that is no trouble has no advice.
std::vector<Trouble> examine_mail(const store::Root& root, const store::GlobalConfig& config);

/// What waits, for whoever shows it.
Result<MailBook> read_mail_book(const store::Root& root);

} // namespace quire::deliver
