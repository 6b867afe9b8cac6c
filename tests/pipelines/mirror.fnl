(local ci (require :quire.ci))
(local {: mirror} (require :quire.stdlib))
(ci.job :test [:quire/push] (fn [{: sh}] (sh "make test")))
(ci.job :mirror [:quire/push :test]
  (fn [{: jobs : secret}]
    (let [push (jobs :quire/push)
          auth (secret :github_auth_header)]
      (mirror {:url "https://github.com/example/repo.git"
               :auth-header auth
               :sha push.sha
               :tag (.. "quire-" (string.sub push.sha 1 8))
               :git-dir (. push :git-dir)
               :refs ["refs/heads/main"]}))))
