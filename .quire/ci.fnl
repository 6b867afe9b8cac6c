;; quire builds and tests itself. Every suite is a job of its own: what is red shows at a glance, and the rest still runs.
(local ci (require :quire.ci))

(fn step [sh command]
  (let [result (sh command)]
    (when (not= 0 result.exit)
      (error (.. result.cmd " ended with " result.exit)))
    result))

(ci.job :build [:quire/push]
  (fn [{: sh}]
    (step sh ["make" "deps"])
    (step sh ["make"])
    {}))

;; The lock: they share the build directory and the machine, and each is to have both for itself.
(each [_ suite (ipairs [:unit :cases :fuzz :e2e :asan :tsan])]
  (ci.job suite {:inputs [:build] :timeout "3h"
                 :run (fn [{: sh}] (sh ["flock" ".git/suites" "tests/run" suite]))}))
