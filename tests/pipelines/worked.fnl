(local ci (require :quire.ci))

(ci.image "rust:1.76")                  ; one image for the whole pipeline

;; Test on every push to main
(ci.job :test [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (when (= "main" push.branch)
        (sh ["git" "checkout" push.sha])
        (sh "cargo test --all-features")))))

;; Build only if test passed
(ci.job :build [:test :quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)
          test (jobs :test)]
      (when (and test (= 0 test.exit))
        (sh ["git" "checkout" push.sha])
        (let [r (sh "cargo build --release")]
          {:exit r.exit
           :artifacts ["target/release/quire"]})))))

;; Deploy on push to main only
(ci.job :deploy [:build]
  (fn [{: jobs : sh}]
    (when (jobs :build)
      (sh "scp target/release/quire host:/usr/local/bin/"))))

;; Tagged release: publish to a registry
(ci.job :publish [:quire/push]
  (fn []
    (let [push (runtime.jobs :quire/push)]
      (when (and push.tag (string.match push.tag "^v"))
        (runtime.sh ["git" "checkout" push.tag])
        (runtime.sh "cargo publish")))))
