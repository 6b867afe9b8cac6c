;; refused: runtime accessed outside a job
(sh "touch /tmp/escaped")
(error "ESCAPED")
