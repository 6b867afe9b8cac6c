(job :module [:quire/push]
  (fn []
    (let [{: sh : secret} (require :quire.runtime)]
      (sh ["deploy"] {:env {:TOKEN (secret :token)}}))))
