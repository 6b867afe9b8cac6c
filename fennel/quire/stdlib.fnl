;; quire.stdlib: recipes made of what the runtime has. They work in jobs only, like the runtime itself.

(local native ...)
(local runtime (require :quire.runtime))
(local stdlib {})

(fn need [opts recipe names others]
  "Every one of the named options must be a string; beside them there may be the others, and no more."
  (let [known [(table.unpack names)]]
    (each [_ name (ipairs others)]
      (table.insert known name))
    (native.check-options recipe opts known))
  (each [_ name (ipairs names)]
    (let [value (. opts name)]
      (when (or (not= :string (type value)) (= "" value))
        (error (.. recipe ": :" name " is missing; it must be a string") 0)))))

(fn last-line [text]
  (or (string.match text "([^\n]+)\n*$") ""))

;; mirror

(fn check-address [opts]
  "What the option form is told instead of a mirror's name."
  (need opts :mirror [:url :git-dir] [:sha :tag :auth-header :refs :force :prune])
  (when (not= (= nil opts.sha) (= nil opts.tag))
    (error "mirror: :sha and :tag go together" 0))
  (when (string.match opts.url "^%-")
    (error "mirror: :url must not begin with a dash" 0))
  (let [http? (string.match opts.url "^https?://")]
    (when (and http? (string.match opts.url "^https?://[^/]*@"))
      (error "mirror: :url must have no credential in it; that belongs into :auth-header" 0))
    (when (or http? (not= nil opts.auth-header))
      (when (or (not= :string (type opts.auth-header)) (= "" opts.auth-header))
        (error "mirror: :auth-header is missing; it must be a string" 0))
      (when (string.match opts.auth-header "[\r\n]")
        (error "mirror: :auth-header must be one line" 0)))))

(fn check-refs [opts]
  (each [_ name (ipairs [:refs :force])]
    (native.check-list (.. "mirror: :" name) (or (. opts name) []))))

(fn push-mirror [request]
  "What was pushed, deleted and left as it was; raises what could not be."
  (let [result (native.push-mirror request)
        (ok told) (pcall runtime.json-decode result.stdout)]
    (when (or (not ok) (not= :table (type told)))
      (error (.. "mirror: " (last-line result.stderr)) 0))
    (when told.error
      (error (.. "mirror: " told.error) 0))
    told))

(fn stdlib.mirror [what opts]
  "Pushes refs, each with its own value, to a mirror of the repository by its name, or to an address: all of them or none
where the remote can do that. What it pushes with never gets into the job's place."
  (if (= :string (type what))
      (let [opts (or opts {})]
        (native.check-options :mirror opts [:refs :force :prune])
        (check-refs opts)
        (push-mirror {:mirror what :refs opts.refs :force opts.force :prune opts.prune}))
      (do
        (check-address what)
        (check-refs what)
        (let [told (push-mirror {:url what.url :auth-header what.auth-header :git-dir what.git-dir :sha what.sha
                                 :tag what.tag :refs what.refs :force what.force :prune what.prune})]
          (set told.tag what.tag)
          (set told.pushed_refs (or what.refs []))
          told))))

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
      (native.check-list (.. "matrix: :" (tostring name)) choices)
      (table.insert names name))
    (table.sort names)
    (icollect [_ combination (ipairs (combinations axes names 1 {} []))]
      (function combination))))

(fn stdlib.cache [opts function]
  "Brings the paths back that were kept under the key, or calls the function and keeps them when it went well."
  (need opts :cache [:key] [:paths])
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

(local headers-mark "\n--headers--\n")

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
               (.. "max-time = " (native.seconds "http: :timeout" (or opts.timeout 60)))
               "proto = \"=http,https\""
               "silent" "show-error" "globoff"
               (.. "write-out = " (quote-value (.. headers-mark "%{header_json}\n%{http_code}")))]
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

(fn split-answer [text]
  "The body, and the headers that follow it: names in lower case to values. A curl before 7.83 tells none."
  (let [headers {}]
    (var at nil)
    (var next (string.find text headers-mark 1 true))
    (while next ; the last one is ours, whatever the body holds
      (set at next)
      (set next (string.find text headers-mark (+ next 1) true)))
    (if (not at)
        (values text headers)
        (let [(ok told) (pcall runtime.json-decode (string.sub text (+ at (length headers-mark))))]
          (each [name all (pairs (if (and ok (= :table (type told))) told {}))]
            (tset headers name (table.concat all ", ")))
          (values (string.sub text 1 (- at 1)) headers)))))

(fn stdlib.http [opts]
  "One request with curl. Its headers and body go through its standard input: no token shows in argv or a log.
Yields :status, :headers and :body; raises only when there was no answer at all. With :quiet the answer is not logged."
  (need opts :http [:url] [:method :headers :json :body :timeout :quiet])
  (when (not (string.match opts.url "^https?://"))
    (error "http: :url must begin with http:// or https://" 0))
  (let [headers {}
        body (if (not= nil opts.json) (runtime.json-encode opts.json) opts.body)
        method (or opts.method (if body :POST :GET))]
    (when (not (string.match method "^%u+$"))
      (error "http: :method must be upper-case letters" 0))
    (when (and body (string.match body "^@"))
      (error "http: a body can't begin with @" 0))
    (when (< 1000000 (length (or body "")))
      (error "http: a body has at most 1,000,000 bytes" 0))
    (each [name value (pairs (or opts.headers {}))]
      (tset headers name value))
    (when (and (not= nil opts.json) (not headers.Content-Type))
      (tset headers :Content-Type "application/json"))
    (let [config (curl-config {:url opts.url :timeout opts.timeout : headers} method body)
          result (runtime.sh [:curl :-q :--config :-]
                             {:stdin config :label (.. method " " opts.url) :quiet (= true opts.quiet)})
          (text status) (string.match result.stdout "^(.*)\n(%d%d%d)$")
          (body headers) (split-answer (or text ""))]
      (when result.truncated
        (error (.. "http: " method " " opts.url ": the answer is too long") 0))
      (when (or (not= 0 result.exit) (not status) (= "000" status))
        (error (.. "http: " method " " opts.url ": " (if (= 127 result.exit) "curl is not installed"
                                                        (last-line result.stderr))) 0))
      {:status (tonumber status) : headers : body :ok (not= nil (string.match status "^2"))})))

(native.sealed :quire.stdlib stdlib)
