// Reads a JSON list of Kubernetes objects and prints what each has against the published OpenAPI schemas, as a
// JSON list of texts; an empty text is none. Fields that the schema does not have are named too.
import { readFileSync } from 'node:fs';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as core from 'kubernetes-models/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';

const groups = {
  'apps/v1': apps, 'autoscaling/v2': autoscaling, v1: core, 'networking.k8s.io/v1': networking, 'policy/v1': policy,
  'monitoring.coreos.com/v1': monitoring,
};

function problem(object) {
  const Model = groups[object.apiVersion]?.[object.kind];
  if (!Model) return `there is no ${object.kind} in ${object.apiVersion}`;
  try {
    new Model(object).validate();
    return '';
  } catch (error) {
    return String(error.message);
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(problem)));
