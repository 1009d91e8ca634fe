// The first page an operator opens.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { businessPanels } from './business';
import { containerPanels } from './containers';
import { databasePanels } from './database';
import { assemble } from './frame';
import { healthPanels } from './health';
import { infrastructurePanels } from './infrastructure';
import { outsidePanels } from './outside';
import { performancePanels } from './performance';
import { ownJob } from './promql';

export function overview(): Dashboard {
  return assemble(
    'overview',
    'Application health, performance, business and infrastructure of the TestGen-Copilot service.',
    [
      { name: 'language', label: 'Language', metric: `testgen_tests_generated_total{${ownJob}}` },
      { name: 'provider', label: 'Provider', metric: `testgen_llm_requests_total{${ownJob}}` },
    ],
    [
      ['Application health', healthPanels],
      ['From outside, and warnings that last', outsidePanels],
      ['Performance', performancePanels],
      ['Business', businessPanels],
      ['Infrastructure', infrastructurePanels],
      ['Containers', containerPanels],
      ['Databases', databasePanels],
    ],
  );
}
