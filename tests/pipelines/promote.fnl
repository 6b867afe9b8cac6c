;; Publish an image, move the pin of every environment to its digest, and see that it moved.
;; PINS_PROD and PINS_STAGING, of the operator's :env, are where each environment's control plane answers.
(local ci (require :quire.ci))
(local {: http : matrix} (require :quire.stdlib))

(fn check-digest [text]
  "What goes on is sha256: and 64 hex digits, or nothing does."
  (let [digest (string.match (or text "") "^sha256:(%x+)$")]
    (assert (and digest (= 64 (length digest))) "the publisher gave no digest of an image")
    text))

(fn pins [env token]
  "How to ask an environment's control plane, with its own token."
  (let [runtime (require :quire.runtime)
        url (runtime.env (.. "PINS_" (string.upper env)))]
    (assert url (.. "PINS_" (string.upper env) " is not set"))
    {: url :timeout 5 :headers {:Authorization (.. "Bearer " token)}}))

(ci.job :publish [:quire/push]
  (fn [{: sh}]
    (let [r (sh "make --silent push-image")]
      (assert (= 0 r.exit) "the image was not pushed")
      {:digest (check-digest (string.match r.stdout "(%S+)%s*$"))})))

(matrix {:env [:prod :staging]}
  (fn [{: env}]
    (ci.job (.. "promote-" env) [(ci.output :publish :digest)]
      (fn [{: jobs : secret : log}]
        (let [request (pins env (secret (.. env "-token")))]
          (set request.json {:template "web" :region "eu" :digest (check-digest (jobs :digest))})
          (let [answer (http request)]
            (log env "answered" answer.status answer.body)
            (assert (or (= 200 answer.status) (= 201 answer.status))
                    (.. env " answered " answer.status ": " answer.body))
            {:status answer.status}))))
    (ci.job (.. "verify-" env) [(.. "promote-" env) (ci.output :publish :digest)]
      (fn [{: jobs : secret : log : json-decode}]
        (let [answer (http (pins env (secret (.. env "-token"))))]
          (log env "pins" answer.status answer.body)
          (assert (= 200 answer.status) (.. env " answered " answer.status ": " answer.body))
          (var pinned nil)
          (each [_ row (ipairs (json-decode answer.body))]
            (when (and (= row.template :web) (= row.region :eu))
              (set pinned row.digest)))
          (assert pinned (.. env " has no row for web in eu"))
          (assert (= pinned (jobs :digest)) (.. env " still pins " (tostring pinned)))
          {:digest pinned})))))
