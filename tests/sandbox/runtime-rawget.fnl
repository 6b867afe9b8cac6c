;; refused: held: nil
(if (rawget runtime :sh) (error "ESCAPED") (error "held: nil" 0))
