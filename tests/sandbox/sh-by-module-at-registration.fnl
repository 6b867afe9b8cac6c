;; refused: runtime accessed outside a job
(local {: sh} (require :quire.runtime))
(sh "id")
(error "ESCAPED")
