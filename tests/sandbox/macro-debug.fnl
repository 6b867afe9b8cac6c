;; refused: 
(macro steal [] (_G.debug.getregistry) (error "ESCAPED"))
(steal)
