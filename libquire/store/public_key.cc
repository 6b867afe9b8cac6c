#include "store/public_key.h"

#include <algorithm>

#include "base/log.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "text/escape.h"

namespace quire::store {

namespace {

/// What a key of a type consists of, behind its own name.
struct Type {
    std::string_view name;
    size_t fields;
    std::string_view curve; ///< "": the first field is no curve
    size_t last_size;       ///< of the last field but the application of a token; 0: any
};

constexpr Type types[] = {
    {"ssh-ed25519", 1, "", 32},
    {"ssh-rsa", 2, "", 0},
    {"ecdsa-sha2-nistp256", 2, "nistp256", 65},
    {"ecdsa-sha2-nistp384", 2, "nistp384", 97},
    {"ecdsa-sha2-nistp521", 2, "nistp521", 133},
    {"sk-ssh-ed25519@openssh.com", 2, "", 0},
    {"sk-ecdsa-sha2-nistp256@openssh.com", 3, "nistp256", 0},
};

/// Takes a field off the front: four bytes of length, and so many bytes.
std::optional<std::string_view> take_field(std::string_view& blob)
{
    if (blob.size() < 4)
        return std::nullopt;
    size_t size = 0;
    for (size_t i = 0; i < 4; i++)
        size = size << 8 | static_cast<unsigned char>(blob[i]);
    if (size > blob.size() - 4)
        return std::nullopt;
    std::string_view field = blob.substr(4, size);
    blob.remove_prefix(4 + size);
    return field;
}

bool is_whole(const Type& type, std::string_view blob)
{
    if (take_field(blob) != type.name)
        return false;
    std::string_view last;
    for (size_t i = 0; i < type.fields; i++) {
        auto field = take_field(blob);
        if (!field || field->empty() || (i == 0 && !type.curve.empty() && *field != type.curve))
            return false;
        last = *field;
    }
    return blob.empty() && (type.last_size == 0 || last.size() == type.last_size);
}

/// The bits of an RSA key's modulus.
size_t bits_of_rsa(std::string_view blob)
{
    (void)take_field(blob);
    (void)take_field(blob);
    std::string_view modulus = take_field(blob).value_or("");
    modulus.remove_prefix(std::min(modulus.find_first_not_of('\0'), modulus.size()));
    return modulus.size() * 8;
}

} // namespace

bool is_key_type(std::string_view word)
{
    return std::any_of(std::begin(types), std::end(types), [&](const Type& type) { return type.name == word; }) ||
           word == "ssh-dss" || (word.find("-cert-v0") != std::string_view::npos && word.ends_with("@openssh.com"));
}

Result<PublicKey> parse_public_key(std::string_view line)
{
    constexpr size_t most_bytes = 16'000;
    line = trim(line);
    if (line.find("PRIVATE KEY") != std::string_view::npos)
        return fail(ErrorKind::invalid, "that is the private half of a key; give the file that ends in .pub");
    if (line.empty() || line.size() > most_bytes || line.find_first_of("\n\r") != std::string_view::npos)
        return fail(ErrorKind::invalid, "that is not one line with a public key, as a file that ends in .pub has it");
    std::string_view word = take_until(line, ' ');
    std::string_view base64 = take_until(line, ' ');
    auto type = std::find_if(std::begin(types), std::end(types), [&](const Type& one) { return one.name == word; });
    if (type == std::end(types))
        return fail(ErrorKind::invalid,
                    "'{}' is no type of key that is taken here: make one with ssh-keygen -t ed25519",
                    visible(word.substr(0, 60)));
    auto blob = text::base64_decode(base64);
    if (!blob || !is_whole(*type, *blob))
        return fail(ErrorKind::invalid, "the {} key is broken: what stands behind its type is not a whole key", word);
    constexpr size_t least_bits = 2048;
    if (word == "ssh-rsa" && bits_of_rsa(*blob) < least_bits)
        return fail(ErrorKind::invalid, "the RSA key has less than {} bits: make one with ssh-keygen -t ed25519",
                    least_bits);
    return PublicKey{std::string(word), std::string(base64)};
}

std::optional<std::string> fingerprint(const PublicKey& key)
{
    auto blob = text::base64_decode(key.base64);
    if (!blob)
        return std::nullopt;
    Sha256 hash;
    hash.update(*blob);
    std::string digest = text::base64_encode(hash.finish());
    return "SHA256:" + digest.substr(0, digest.find('='));
}

} // namespace quire::store
