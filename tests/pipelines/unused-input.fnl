(job :setup [:quire/push] (fn [{: sh}] (sh "make setup")))
(job :test [:_setup :quire/push] (fn [{: sh}] (sh "make test")))
