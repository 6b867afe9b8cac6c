// Mail: takes notices, decides who is told, and sends mail. This is one attempt of the task `mail`; it may be repeated.
//
//   notice ──judge──▶ pending, for each addressee ──▶ letter ──msmtp──▶ gone
//
// Each arrow is one replacement of runs/.queue/mail.fnl (mail_book.h). Code that has something to report calls
// store::add_notice and needs to know nothing of this.
#pragma once

#include "deliver/mail_book.h"

namespace quire::deliver {

struct MailWorld {
    const store::Root& root;
    const store::GlobalConfig& config;
    ReadRepositoryConfig read_repository;
};

/// Sends what may be sent now. The error says which mail could not be sent, and why. If something is held back, a task
/// for later is waiting when it returns.
Result<void> deliver_mail(const MailWorld& world);

/// For use after a problem was solved: the next attempt tries every letter, however recently it was tried.
Result<void> hasten_mail(const store::Root& root);

/// Sends one mail now and stores nothing, to test the settings.
Result<void> send_test_mail(const MailWorld& world, const std::string& address);

/// A problem with deliveries that the operator should know; a failure if `advice` must be followed for mail to arrive.
struct Trouble {
    bool is_failure = false;
    std::string check, text, advice;
};

/// What `quire doctor` says about mail; a finding that is no problem has no advice.
std::vector<Trouble> examine_mail(const store::Root& root, const store::GlobalConfig& config);

/// The waiting mail, to be shown.
Result<MailBook> read_mail_book(const store::Root& root);

} // namespace quire::deliver
