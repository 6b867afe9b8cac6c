;; quire.ci: what a .quire/ci.fnl registers its jobs with.
;;
;; The functions do their work, and their checks, in libquire/ci/language/registration.cc. Each can be called as
;; (ci.job …), (ci:job …), or taken out of the module and called as (job …). quire's own modules are loaded with a table
;; of natives.

(local native ...)
(local ci {:runtime (require :quire.runtime)})
(local module (native.sealed :quire.ci ci))

(fn export [name function]
  (tset ci name (fn [first ...]
                  (if (= first module)
                      (function ...)
                      (function first ...)))))

(export :job native.job)
(export :image native.image)
(export :sandbox native.sandbox)
(export :network native.network)
(export :read-only native.read_only)

;; Inputs that are more than a name. What they mean is checked where they are used, so that a mistake can be shown there.
(fn mark [kind]
  (fn [...]
    (let [arguments (table.pack ...)]
      (set arguments.n nil)
      {"quire/input" kind : arguments})))

(each [_ kind (ipairs [:cron :manual :webhook :output])]
  (export kind (mark kind)))

module
