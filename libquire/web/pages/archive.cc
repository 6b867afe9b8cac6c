// "/NAME/-/archive/REF.tar.gz", ".tar" and ".zip": the files of a commit as an archive, sent while git writes it.
#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/budget/git_stream.h"
#include "web/code/file_list.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

struct Format {
    const char *suffix, *name, *type;
};

constexpr Format formats[] = {
    {".tar.gz", "tar.gz", "application/gzip"},
    {".tar", "tar", "application/x-tar"},
    {".zip", "zip", "application/zip"},
};

constexpr size_t max_files = 500'000;
constexpr uint64_t max_archive = uint64_t{16} << 30;

/// The name of the file and of the directory in it, "bar-v1.0", with characters that file names can have anywhere.
static std::string stem_of(const store::RepoName& name, std::string_view ref)
{
    std::string_view own = name.str();
    own.remove_prefix(own.find('/') + 1);
    std::string stem = fmt::format("{}-{}", own, ref.size() == GIT_OID_HEXSZ ? ref.substr(0, 12) : ref);
    for (char& c : stem) {
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                        c == '_' || c == '-';
        c = is_plain ? c : '-';
    }
    return stem;
}

Page archive_page(const Visit& visit)
{
    std::string ref = join(visit.rest, "/");
    for (const Format& format : formats) {
        std::string_view wanted = ref;
        if (!strip_suffix(wanted, format.suffix) || wanted.empty())
            continue;
        auto repository = TRY(visit.site.open(*visit.repository));
        std::vector<std::string> parts;
        for (std::string_view part : split(wanted, '/'))
            parts.emplace_back(part);
        auto place = repository->resolve(parts);
        if (!place || !place->path.empty())
            break;
        if (!has_at_most(*repository, TRY(repository->commit(place->commit)).tree, max_files,
                         costly_patience(visit.request)))
            return fail(ErrorKind::refused,
                        "'{}' has more than {} files, which is too many for an archive. Clone it instead.",
                        shown_name(wanted), grouped(max_files));
        std::string stem = stem_of(visit.name(), wanted);
        http::Response response =
            TRY(git_stream(visit, {.arguments = {"archive", fmt::format("--format={}", format.name),
                                                 fmt::format("--prefix={}/", stem), git::to_string(place->commit)},
                                   .content_type = format.type,
                                   .most = max_archive}));
        response.headers.emplace_back("Content-Disposition",
                                      fmt::format("attachment; filename=\"{}{}\"", stem, format.suffix));
        return response;
    }
    return fail(
        ErrorKind::not_found,
        "There is no archive '{}'. They are called after a branch, tag or commit, and end in .tar.gz, .tar or .zip.",
        shown_name(ref));
}

} // namespace quire::web
