;; Publish an image, move the pin of every environment to its digest, and see that it moved.
(local ci (require :quire.ci))
(local {: http : matrix} (require :quire.stdlib))

(fn pin [env] (.. "https://" env ".example.org/pins"))

(ci.job :publish [:quire/push]
  (fn [{: sh}]
    (let [r (sh "make --silent push-image")
          digest (string.match r.stdout "(sha256:%x+)%s*$")]
      (assert (= 0 r.exit) "the image was not pushed")
      (assert (and digest (= 71 (length digest))) "the push printed no digest")
      {: digest})))

(matrix {:env [:prod :staging]}
  (fn [{: env}]
    (ci.job (.. "promote-" env) [(ci.output :publish :digest)]
      (fn [{: jobs : secret : log}]
        (let [answer (http {:method :POST :url (pin env)
                            :headers {:Authorization (.. "Bearer " (secret (.. env "-token")))}
                            :json {:template "web" :region "eu" :digest (jobs :digest)}})]
          (log "status" answer.status answer.body)
          (assert (or (= 200 answer.status) (= 201 answer.status))
                  (.. env " answered " answer.status ": " answer.body))
          {:status answer.status})))
    (ci.job (.. "verify-" env) [(.. "promote-" env) (ci.output :publish :digest)]
      (fn [{: jobs : secret : json-decode}]
        (let [answer (http {:url (pin env) :headers {:Authorization (.. "Bearer " (secret (.. env "-token")))}})]
          (assert (= 200 answer.status) (.. env " answered " answer.status ": " answer.body))
          (var pinned nil)
          (each [_ row (ipairs (json-decode answer.body))]
            (when (and (= row.template :web) (= row.region :eu))
              (set pinned row.digest)))
          (assert pinned (.. env " has no row for web in eu"))
          (assert (= pinned (jobs :digest)) (.. env " still pins " pinned))
          {:digest pinned})))))
