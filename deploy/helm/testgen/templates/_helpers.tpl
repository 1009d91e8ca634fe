{{- define "testgen.selector" -}}
app.kubernetes.io/name: testgen
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "testgen.labels" -}}
app.kubernetes.io/name: testgen
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
