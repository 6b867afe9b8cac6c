#include "forge/config.h"

#include "lua/evaluate.h"

namespace quire::forge {

store::ConfigEvaluator config_evaluator() { return lua::evaluate; }

Result<store::GlobalConfig> read_global_config(const store::Root& root)
{
    return store::read_global_config(root, config_evaluator());
}

store::RepositoryConfig read_config(int repository, const store::RepoName& name)
{
    auto config = store::read_repository_config(repository, name, config_evaluator());
    if (config)
        return std::move(*config);
    return store::closed_config(config.error());
}

} // namespace quire::forge
