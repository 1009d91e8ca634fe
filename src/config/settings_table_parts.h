// The parts the settings table is put together from, where one file would be too long. Only for
// settings_table.cc and the parts.
#pragma once

#include <vector>

#include "config/settings_table.h"

namespace testgen::config {

void add_service_settings(std::vector<Setting>& rows);
void add_export_settings(std::vector<Setting>& rows);
void add_llm_settings(std::vector<Setting>& rows);
void add_scan_settings(std::vector<Setting>& rows);

}  // namespace testgen::config
