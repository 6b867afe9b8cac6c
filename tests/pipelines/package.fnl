(job :test-and-package [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (sh ["git" "checkout" push.sha])
      (let [test (sh "cargo test")]
        (when (= 0 test.exit)
          (let [pkg (sh "tar czf out.tar.gz target/release")]
            {:exit pkg.exit
             :artifacts ["out.tar.gz"]
             :test-stdout test.stdout}))))))
