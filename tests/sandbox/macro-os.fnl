;; refused: index
(macro steal [] (_G.os.execute "id") (error "ESCAPED"))
(steal)
