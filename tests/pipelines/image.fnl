(ci.image "rust:1.76")
(job :test [:quire/push] (fn [{: sh}] (sh "cargo test")))
