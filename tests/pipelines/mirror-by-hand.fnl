(local ci (require :quire.ci))

(ci:job :mirror [:quire/push]
  (fn [{:inputs {:quire/push push}}]
    (let [token  (secret :github_token)
          header (.. "Authorization: Basic "
                     (base64 (.. "x-access-token:" token)))]
      (sh ["git" "push" "--porcelain"
           "https://github.com/owner/repo.git"
           push.ref]
          {:env  {:GIT_DIR              push.git-dir
                  :GIT_CONFIG_COUNT     "1"
                  :GIT_CONFIG_KEY_0     "http.https://github.com/.extraheader"
                  :GIT_CONFIG_VALUE_0   header}}))))
