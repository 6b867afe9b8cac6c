;; quire.stdlib: recipes made of what the runtime has. They work in jobs only, like the runtime itself.

(local native ...)
(local runtime (require :quire.runtime))
(local stdlib {})

(fn need [opts recipe names]
  "Every one of the named options must be a string."
  (when (not= :table (type opts))
    (error (.. recipe " takes a table of options") 0))
  (each [_ name (ipairs names)]
    (let [value (. opts name)]
      (when (or (not= :string (type value)) (= "" value))
        (error (.. recipe ": :" name " is missing; it must be a string") 0)))))

(fn last-line [text]
  (or (string.match text "([^\n]+)\n*$") ""))

(fn git [opts arguments env what]
  "Runs git on the repository; raises when it says no."
  (let [all {:GIT_DIR opts.git-dir}]
    (each [key value (pairs (or env {}))]
      (tset all key value))
    (let [command [:git]]
      (each [_ argument (ipairs arguments)]
        (table.insert command argument))
      (let [result (runtime.sh command {:env all})]
        (when (not= 0 result.exit)
          (error (.. "mirror: " what " failed: " (last-line result.stderr)) 0))
        result))))

(fn stdlib.mirror [opts]
  "Pushes a commit under a tag, and refs, to a remote. The credential travels in the environment, never in argv."
  (need opts :mirror [:url :auth-header :sha :tag :git-dir])
  (let [refs (or opts.refs [])
        specs [(.. opts.sha ":refs/tags/" opts.tag)]]
    (when (string.match opts.auth-header "[\r\n]")
      (error "mirror: :auth-header must be one line" 0))
    (when (string.match opts.url "^%-")
      (error "mirror: :url must not begin with a dash" 0))
    (each [_ ref (ipairs refs)]
      ;; The commit that was pushed, not what the ref has become since.
      (table.insert specs (if (string.find ref ":" 1 true) ref (.. opts.sha ":" ref))))
    (let [arguments [:push :--porcelain :--end-of-options opts.url]]
      (each [_ spec (ipairs specs)]
        (table.insert arguments spec))
      (git opts arguments
           {:GIT_CONFIG_COUNT "1"
            :GIT_CONFIG_KEY_0 (.. "http." opts.url ".extraHeader")
            :GIT_CONFIG_VALUE_0 opts.auth-header
            :GIT_TERMINAL_PROMPT "0"}
           "the push"))
    {:tag opts.tag :pushed_refs refs}))

(fn combinations [axes names at chosen result]
  (if (< (length names) at)
      (let [combination {}]
        (each [key value (pairs chosen)]
          (tset combination key value))
        (table.insert result combination))
      (let [name (. names at)]
        (each [_ value (ipairs (. axes name))]
          (tset chosen name value)
          (combinations axes names (+ at 1) chosen result))
        (tset chosen name nil)))
  result)

(fn stdlib.matrix [axes function]
  "Calls the function with every combination of the axes' values, in a stable order, and yields its results. At the top
level it registers a job for each; in a job, wrap the work in (runtime.parallel …) to do it side by side."
  (when (or (not= :table (type axes)) (not= :function (type function)))
    (error "matrix takes a table of lists and a function" 0))
  (let [names []]
    (each [name choices (pairs axes)]
      (when (not= :table (type choices))
        (error (.. "matrix: :" (tostring name) " must be a list") 0))
      (table.insert names name))
    (table.sort names)
    (icollect [_ combination (ipairs (combinations axes names 1 {} []))]
      (function combination))))

(fn stdlib.cache [opts function]
  "Brings the paths back that were kept under the key, or calls the function and keeps them when it went well."
  (need opts :cache [:key])
  (if (native.cache-restore opts.key opts.paths)
      {:hit true :exit 0}
      (let [result (function)]
        (when (and result (= 0 (or result.exit 0)))
          (native.cache-save opts.key opts.paths))
        result)))

(fn stdlib.artifact [...]
  "Keeps the files that match; several patterns are fine."
  (let [kept []]
    (each [_ pattern (ipairs [...])]
      (each [_ file (ipairs (runtime.artifact pattern))]
        (table.insert kept file)))
    kept))

(fn quote-value [text]
  "A value of curl's config format, in double quotes."
  (.. "\"" (pick-values 1 (-> text
                              (string.gsub "[\\\"]" "\\%0")
                              (string.gsub "\n" "\\n")
                              (string.gsub "\r" "\\r")
                              (string.gsub "\t" "\\t"))) "\""))

(fn curl-config [opts method body]
  (let [lines [(.. "url = " (quote-value opts.url))
               (.. "request = " (quote-value method))
               (.. "max-time = " (tostring (or opts.timeout 60)))
               "proto = \"=http,https\""
               "silent" "show-error" "globoff"
               "write-out = \"\\n%{http_code}\""]
        names []]
    (each [name (pairs (or opts.headers {}))]
      (table.insert names name))
    (table.sort names)
    (each [_ name (ipairs names)]
      (let [header (.. name ": " (tostring (. opts.headers name)))]
        (when (string.match header "[\r\n]")
          (error (.. "http: the header " name " must be one line") 0))
        (table.insert lines (.. "header = " (quote-value header)))))
    (when body
      (table.insert lines (.. "data-binary = " (quote-value body))))
    (.. (table.concat lines "\n") "\n")))

(fn stdlib.http [opts]
  "One request with curl. Its headers and body go through the environment and a pipe: no token shows in argv or a log.
Yields :status and :body; raises only when there was no answer at all. With :quiet the answer is not logged."
  (need opts :http [:url])
  (when (not (string.match opts.url "^https?://"))
    (error "http: :url must begin with http:// or https://" 0))
  (let [headers {}
        body (if (not= nil opts.json) (runtime.json-encode opts.json) opts.body)
        method (or opts.method (if body :POST :GET))]
    (when (not (string.match method "^%u+$"))
      (error "http: :method must be upper-case letters" 0))
    (when (not= :number (type (or opts.timeout 60)))
      (error "http: :timeout must be a number of seconds" 0))
    (when (and body (string.match body "^@"))
      (error "http: a body can't begin with @" 0))
    (when (< 100000 (length (or body "")))
      (error "http: a body has at most 100,000 bytes" 0))
    (each [name value (pairs (or opts.headers {}))]
      (tset headers name value))
    (when (and (not= nil opts.json) (not headers.Content-Type))
      (tset headers :Content-Type "application/json"))
    (let [config (curl-config {:url opts.url :timeout opts.timeout : headers} method body)
          result (runtime.sh [:sh :-c "c=$QUIRE_HTTP; unset QUIRE_HTTP; printf '%s' \"$c\" | curl -q --config -"]
                             {:env {:QUIRE_HTTP config} :label (.. method " " opts.url) :quiet (= true opts.quiet)})
          (text status) (string.match result.stdout "^(.*)\n(%d%d%d)$")]
      (when result.truncated
        (error (.. "http: " method " " opts.url ": the answer is too long") 0))
      (when (or (not= 0 result.exit) (not status) (= "000" status))
        (error (.. "http: " method " " opts.url ": " (if (= 127 result.exit) "curl is not installed"
                                                        (last-line result.stderr))) 0))
      {:status (tonumber status) :body text :ok (not= nil (string.match status "^2"))})))

(native.sealed :quire.stdlib stdlib)
