"""Draws Grafana dashboards as SVG from their JSON and Prometheus' answers, without Grafana: the layout, the panel
types that our dashboards use, and Grafana's dark colours. Nothing here knows what a panel is about.
"""
