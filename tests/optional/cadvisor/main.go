// cAdvisor's own manager and Prometheus collector, put together as the kubelet does it: the labels
// namespace, pod and container instead of cAdvisor's. One control group, named on the command line,
// is the container. The machine stands for the pod, whose network it is: a container alone has none.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/google/cadvisor/cache/memory"
	"github.com/google/cadvisor/container"
	info "github.com/google/cadvisor/info/v1"
	v2 "github.com/google/cadvisor/info/v2"
	"github.com/google/cadvisor/manager"
	"github.com/google/cadvisor/metrics"
	"github.com/google/cadvisor/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/utils/clock"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to answer on")
	group := flag.String("group", "/", "control group that is the container")
	name := flag.String("container", "testgen", "name of the container")
	flag.Parse()

	interval, dynamic := time.Second, false
	wanted := container.MetricSet{container.CpuUsageMetrics: {}, container.MemoryUsageMetrics: {},
		container.NetworkUsageMetrics: {}, container.OOMMetrics: {}}
	watcher, err := manager.New(memory.New(2*time.Minute, nil), sysfs.NewRealSysFs(),
		manager.HousekeepingConfig{Interval: &interval, AllowDynamic: &dynamic}, wanted, http.DefaultClient,
		[]string{"/"}, nil, "", 0)
	if err != nil {
		log.Fatal("cannot watch: ", err)
	}
	if err := watcher.Start(); err != nil {
		log.Fatal("cannot start: ", err)
	}
	labels := func(c *info.ContainerInfo) map[string]string {
		set := map[string]string{"id": c.Name, "namespace": "", "pod": "", "container": ""}
		if c.Name == *group || c.Name == "/" {
			set["namespace"], set["pod"] = "default", "testgen-0"
		}
		if c.Name == *group {
			set["container"] = *name
		}
		return set
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics.NewPrometheusCollector(watcher, labels, wanted, clock.RealClock{},
		v2.RequestOptions{IdType: v2.TypeName, Count: 1, Recursive: true}))
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	fmt.Fprintln(os.Stderr, "listening on", *listen)
	log.Fatal(http.ListenAndServe(*listen, nil))
}
