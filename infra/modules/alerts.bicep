// What wakes somebody up. Each alert has a runbook section of the same name in docs/azure.md.

@description('End of every name.')
param nameSuffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Workspace with the telemetry.')
param workspaceId string

@description('Service Bus namespace.')
param serviceBusId string

@description('Address to send alerts to; empty for none.')
param email string

var notifies = !empty(email)

// The age of the oldest intent is published by every run of the sweep, in seconds. Twice the time between sweeps is normal, ten minutes is not.
var oldestIntentMetric = 'lockstep.intents.oldest_age'
var oldestIntentLimitSeconds = 600

// Counted once for every execution that ends, with its status.
var endedExecutionsMetric = 'lockstep.executions.ended'

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = if (notifies) {
  name: 'ag-${nameSuffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'lockstep'
    enabled: true
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${nameSuffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was set aside after ten deliveries or because it expired. See docs/azure.md, dead-letters.'
    severity: 1
    enabled: true
    autoMitigate: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: ['*']
            }
          ]
        }
      ]
    }
    actions: notifies ? [{ actionGroupId: receivers.id }] : []
  }
}

// Each of these queries answers with one row for every thing that is wrong; any row fires.
var queries = [
  {
    name: 'server-errors'
    severity: 1
    description: 'The API answered with 5xx more than five times in five minutes. See docs/azure.md, server-errors.'
    window: 'PT5M'
    query: 'AppRequests | where toint(ResultCode) between (500 .. 599) | summarize Failed = count() | where Failed > 5'
  }
  {
    name: 'failed-functions'
    severity: 2
    description: 'A function that no HTTP request started failed more than five times in a quarter of an hour. See docs/azure.md, failed-functions.'
    window: 'PT15M'
    query: 'AppRequests | where Success == false and isempty(Url) | summarize Failed = count() by OperationName | where Failed > 5'
  }
  {
    name: 'failed-executions'
    severity: 3
    description: 'More than half of at least 100 executions of a quarter of an hour failed or timed out. See docs/azure.md, failed-executions.'
    window: 'PT15M'
    query: 'AppMetrics | where Name == "${endedExecutionsMetric}" | extend Status = tostring(Properties["lockstep.execution.status"]) | summarize Ended = sum(Sum), Failed = sumif(Sum, Status in ("failed", "timed_out")) | where Ended >= 100 and Failed * 2 > Ended'
  }
  {
    name: 'oldest-intent'
    severity: 1
    description: 'Something that was promised is not done: the oldest intent is older than ten minutes. See docs/azure.md, oldest-intent.'
    window: 'PT15M'
    query: 'AppMetrics | where Name == "${oldestIntentMetric}" | summarize Oldest = max(Max) | where Oldest > ${oldestIntentLimitSeconds}'
  }
  {
    name: 'no-sweep'
    severity: 1
    description: 'The sweep has not run for half an hour, so nobody would notice an old intent either. See docs/azure.md, no-sweep.'
    window: 'PT30M'
    query: 'AppRequests | where Name has "Sweep" or OperationName has "Sweep" | summarize Runs = count() | where Runs == 0'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for query in queries: {
    name: '${query.name}-${nameSuffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Lockstep: ${query.name}'
      description: query.description
      severity: query.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: query.window
      // The tables appear with the first telemetry, after this deployment.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: query.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: notifies ? [receivers.id] : []
      }
    }
  }
]
