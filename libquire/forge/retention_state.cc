#include "forge/retention_state.h"

#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::forge {

static uint64_t number_in(const text::Data& data, std::string_view key, uint64_t fallback)
{
    int64_t number = data.integer_or(key, -1);
    return number < 0 ? fallback : static_cast<uint64_t>(number);
}

static std::set<uint64_t> numbers_in(const text::Data& data, std::string_view key)
{
    std::set<uint64_t> numbers;
    if (const text::Data* list = data.find(key); list && list->sequence())
        for (const text::Data& one : *list->sequence())
            if (one.integer() && *one.integer() > 0)
                numbers.insert(static_cast<uint64_t>(*one.integer()));
    return numbers;
}

static text::Data list_of(const std::set<uint64_t>& numbers)
{
    return text::Data::Sequence(numbers.begin(), numbers.end());
}

RetentionState RetentionState::load(int runs)
{
    RetentionState state;
    auto source = sys::read_file(runs, store::paths::retention_state);
    auto data = source ? text::read_json(*source, store::paths::retention_state) : Result<text::Data>(text::Data());
    if (!data || !data->table())
        return state;
    state.from = number_in(*data, "from", 1);
    state.seen = number_in(*data, "seen", 0);
    state.kept = numbers_in(*data, "kept");
    state.open = numbers_in(*data, "open");
    state.artifact_bytes = number_in(*data, "artifact-bytes", 0);
    state.artifacts_from = number_in(*data, "artifacts-from", 1);
    if (const text::Data* green = data->find("green"); green && green->table())
        for (const auto& [ref, number] : *green->table())
            if (number.integer() && *number.integer() > 0)
                state.green[ref] = static_cast<uint64_t>(*number.integer());
    return state;
}

Result<void> RetentionState::save(int runs) const
{
    text::Data data{text::Data::Table{}};
    data.set("from", from);
    data.set("seen", seen);
    data.set("kept", list_of(kept));
    data.set("open", list_of(open));
    data.set("artifact-bytes", artifact_bytes);
    data.set("artifacts-from", artifacts_from);
    text::Data::Table refs;
    for (const auto& [ref, number] : green)
        refs.emplace_back(ref, number);
    data.set("green", std::move(refs));
    return sys::replace_file(runs, store::paths::retention_state, text::write_json(data) + "\n", 0640);
}

} // namespace quire::forge
